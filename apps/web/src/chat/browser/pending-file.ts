import type { Clock } from "../../clock.ts";
import { lookAtVideo } from "./look-at-video.ts";

/** A file that is uploaded before its message is sent. */
export interface PendingFile {
  readonly blob: Blob;
  readonly name: string;
  readonly kind: "image" | "voice" | "video" | "file";
  /** Pixels; 0 when it is no picture. */
  readonly width: number;
  readonly height: number;
  /** Of a voice message or a video; 0 otherwise. */
  readonly durationMs: number;
  /** A frame of a video, where the browser could draw one. */
  readonly poster?: Blob | undefined;
}

/** Kinds of pictures that every browser shows; others travel as files. */
const PICTURES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"]);

/** Looks at a file that is to be sent. A picture or video that cannot be read travels as a file. */
export async function toPendingFile(file: File, clock: Clock): Promise<PendingFile> {
  const base = { blob: file, name: file.name === "" ? "file" : file.name, width: 0, height: 0, durationMs: 0 };
  try {
    if (PICTURES.has(file.type)) return { ...base, kind: "image", ...(await pictureSize(file)) };
    if (file.type.startsWith("video/")) return { ...base, kind: "video", ...(await lookAtVideo(file, clock)) };
  } catch {
    // The browser cannot show it; its reader's browser may.
  }
  return { ...base, kind: "file" };
}

async function pictureSize(file: Blob): Promise<{ readonly width: number; readonly height: number }> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}
