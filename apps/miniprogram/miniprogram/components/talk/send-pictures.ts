import type { TalkDesk } from "./talk-desk";

/** Most pictures of one choice: WeChat's limit. */
const MAX_PICTURES = 9;

/** Lets the user choose pictures and sends them in that order. Closing the album sends nothing. */
export function sendPictures(desk: TalkDesk): void {
  wx.chooseMedia({
    count: MAX_PICTURES,
    mediaType: ["image"],
    sizeType: ["compressed"],
    success: ({ tempFiles }) =>
      void sendAll(
        desk,
        tempFiles.map(({ tempFilePath }) => tempFilePath),
      ),
    fail: () => undefined,
  });
}

async function sendAll(desk: TalkDesk, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const size = await sizeOf(path);
    const { place } = desk;
    if (place === undefined) return;
    const file = { path, kind: "image", ...size, durationMs: 0 } as const;
    place.chat.outbox.send({ conversationId: place.entry.id, file });
    desk.toEnd();
  }
}

function sizeOf(src: string): Promise<{ readonly width: number; readonly height: number }> {
  return new Promise((resolve) => {
    wx.getImageInfo({
      src,
      success: ({ width, height }) => resolve({ width, height }),
      // The server measures it too; until then it is shown as a square.
      fail: () => resolve({ width: 0, height: 0 }),
    });
  });
}
