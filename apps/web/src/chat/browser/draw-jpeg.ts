/** Draws a picture of this size, in pixels. Rejects when the browser cannot make it. */
export function drawJpeg(
  { width, height }: { readonly width: number; readonly height: number },
  draw: (context: CanvasRenderingContext2D) => void,
): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context !== null) draw(context);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error("the picture cannot be made")) : resolve(blob)),
      "image/jpeg",
      0.9,
    );
  });
}
