import type { Clock } from "../../clock.ts";
import { drawJpeg } from "./draw-jpeg.ts";

/** What a video is before it is sent. */
export interface VideoLook {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** 0 when the file does not say. */
  readonly durationMs: number;
  /** A frame of it; `undefined` when the browser could not draw one in time. */
  readonly poster: Blob | undefined;
}

/** Longer edge of a poster, in pixels. */
const EDGE = 720;
/** How far into the video the poster is; the very first frame is often black. */
const POSTER_AT_SECONDS = 1;
/** Some phones load no frame before somebody presses play. */
const POSTER_LIMIT_MS = 4_000;

/** Reads the size and length of a video, and draws a frame of it. Rejects when the browser cannot read it. */
export async function lookAtVideo(file: Blob, clock: Clock): Promise<VideoLook> {
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  try {
    video.muted = true;
    video.playsInline = true;
    video.preload = "auto";
    video.src = url;
    await heard(video, "loadedmetadata");
    const seconds = Number.isFinite(video.duration) ? video.duration : 0;
    const limit = new Promise<undefined>((resolve) => clock.after(POSTER_LIMIT_MS, () => resolve(undefined)));
    // A video without a picture of itself is still a video.
    const poster = await Promise.race([limit, drawFrame(video, seconds)]).catch(() => undefined);
    return { width: video.videoWidth, height: video.videoHeight, durationMs: Math.round(seconds * 1_000), poster };
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(url);
  }
}

async function drawFrame(video: HTMLVideoElement, seconds: number): Promise<Blob> {
  await heard(video, "loadeddata");
  if (seconds > 0) {
    const isThere = heard(video, "seeked");
    video.currentTime = Math.min(POSTER_AT_SECONDS, seconds / 2);
    await isThere;
  }
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, EDGE / Math.max(videoWidth, videoHeight));
  const size = { width: Math.round(videoWidth * scale), height: Math.round(videoHeight * scale) };
  return drawJpeg(size, (context) => context.drawImage(video, 0, 0, size.width, size.height));
}

function heard(video: HTMLVideoElement, event: "loadedmetadata" | "loadeddata" | "seeked"): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true });
    video.addEventListener("error", () => reject(new Error("the video cannot be read")), { once: true });
  });
}
