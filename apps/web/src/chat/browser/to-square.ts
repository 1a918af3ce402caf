import { CallError } from "@hutong/chat-client";

/** Edge of a profile picture, in pixels. */
const EDGE = 512;

/** Cuts the middle square out of a picture and makes it small. @throws {CallError} `type_not_allowed` when it cannot be read. */
export async function toSquare(file: Blob): Promise<Blob> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch (cause) {
    throw new CallError("type_not_allowed", undefined, cause);
  }
  const edge = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.min(EDGE, edge);
  canvas.height = canvas.width;
  const [left, top] = [(bitmap.width - edge) / 2, (bitmap.height - edge) / 2];
  canvas.getContext("2d")?.drawImage(bitmap, left, top, edge, edge, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new CallError("type_not_allowed")) : resolve(blob)),
      "image/jpeg",
      0.9,
    );
  });
}
