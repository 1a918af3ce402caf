import type { JSX } from "preact";

/** A QR code that the server drew. As a picture, its SVG can run nothing. */
export function QrCode({ svg, label }: { readonly svg: string; readonly label: string }): JSX.Element {
  return (
    <img
      class="qr"
      src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`}
      alt={label}
      width="200"
      height="200"
    />
  );
}
