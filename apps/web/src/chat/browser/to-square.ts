import { CallError } from "@hutong/chat-client";

import { drawJpeg } from "./draw-jpeg.ts";

/** Edge of a profile picture, in pixels. */
const EDGE = 512;

/** Cuts the middle square out of a picture and makes it small. @throws {CallError} `type_not_allowed` when it cannot be read. */
export async function toSquare(file: Blob): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(file);
    const edge = Math.min(bitmap.width, bitmap.height);
    const size = Math.min(EDGE, edge);
    const [left, top] = [(bitmap.width - edge) / 2, (bitmap.height - edge) / 2];
    const square = await drawJpeg({ width: size, height: size }, (context) =>
      context.drawImage(bitmap, left, top, edge, edge, 0, 0, size, size),
    );
    bitmap.close();
    return square;
  } catch (cause) {
    throw new CallError("type_not_allowed", undefined, cause);
  }
}
