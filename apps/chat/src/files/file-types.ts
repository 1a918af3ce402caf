import { fileTypeFromBuffer } from "file-type";

/** What a file is to a chat. Everything that cannot be shown or played is a `"file"`. */
export type FileKind = "image" | "voice" | "video" | "file";

/** What the first bytes of a file say that it is. */
export interface FileType {
  readonly kind: FileKind;
  readonly mime: string;
}

/** How many of a file's first bytes {@link detectType} wants to see; a shorter file is given whole. */
export const HEAD_BYTES = 4_100;

const KINDS: Readonly<Record<FileKind, readonly string[]>> = {
  image: ["image/jpeg", "image/png", "image/webp", "image/gif"],
  voice: ["audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/aac", "audio/amr", "audio/flac"],
  video: ["video/mp4", "video/webm", "video/quicktime", "video/ogg"],
  file: [
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  ],
};

/** Other names for types of the list. */
const SYNONYMS = new Map([
  ["image/apng", "image/png"],
  ["audio/x-m4a", "audio/mp4"],
  ["audio/x-flac", "audio/flac"],
]);

/** The files that have a type of their own. */
const TYPES = new Map<string, FileType>(
  (["image", "voice", "video", "file"] as const).flatMap((kind) => KINDS[kind].map((mime) => [mime, { kind, mime }])),
);

const UNKNOWN: FileType = { kind: "file", mime: "application/octet-stream" };

/**
 * Finds a file's type in its bytes. What is not on the list is a plain file without a type: SVG and HTML too, which
 * are programs to a browser. Names and declared types are not asked.
 */
export async function detectType(head: Uint8Array): Promise<FileType> {
  const found = (await fileTypeFromBuffer(head))?.mime.split(";")[0] ?? "";
  return TYPES.get(SYNONYMS.get(found) ?? found) ?? UNKNOWN;
}

/** Whether a browser may show or play a type in place; everything else it is told to save. */
export function isShown(mime: string): boolean {
  return TYPES.has(mime) && TYPES.get(mime)?.kind !== "file";
}
