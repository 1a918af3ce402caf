import type { JSX } from "preact";

import { Icon } from "../../views/icons.tsx";
import { QrCode } from "./qr-code.tsx";
import type { PageProps } from "./props.ts";

/** Props of {@link ShareLink}. */
export interface ShareLinkProps extends PageProps {
  /** A path of this server. */
  readonly path: string;
  /** The same as an SVG. */
  readonly qr: string;
  readonly label: string;
}

/** A link to pass on, as text and as a QR code. */
export function ShareLink({ page, path, qr, label }: ShareLinkProps): JSX.Element {
  const words = page.words.value;
  const url = new URL(path, location.href).href;
  const copy = async (): Promise<void> => {
    if (await page.attempt(() => navigator.clipboard.writeText(url))) page.notices.say(words.copied);
  };
  return (
    <div class="share">
      <QrCode svg={qr} label={label} />
      <div class="share-link">
        <input
          class="input"
          readOnly
          value={url}
          aria-label={label}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon name="copy" />
          {words.copy}
        </button>
      </div>
    </div>
  );
}
