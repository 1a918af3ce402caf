import type { Page } from "playwright-core";

/** A message that can be seen. */
export interface SeenMessage {
  readonly seq: number;
  /** Of its bubble, from the top of the window, in pixels. */
  readonly top: number;
}

/** What the list of messages looks like. Seqs are read from texts that begin with `#` and the seq. */
export interface LogLook {
  /** Those in view, from top to bottom. */
  readonly seen: readonly SeenMessage[];
  /** Of all messages in the document, in its order. */
  readonly seqs: readonly number[];
  /** Rows in the document. */
  readonly rows: number;
  /** Rows in the document that stand for messages that are not held. */
  readonly holes: number;
  /** How far the list can still be scrolled up, in pixels. */
  readonly above: number;
  /** The longest stretch of the view without a row, in pixels. */
  readonly blank: number;
}

/** Looks at the list, in the page. */
const LOOK = `() => {
  const log = document.querySelector(".talk-log");
  const view = log.getBoundingClientRect();
  const isSeen = ({ top, bottom }) => bottom > view.top && top < view.bottom;
  const rows = [...log.querySelectorAll(".talk-window > *")];
  const boxes = rows.map((row) => row.getBoundingClientRect()).filter(isSeen);
  const ends = [view.top, ...boxes.map(({ bottom }) => bottom)];
  const blank = Math.max(...boxes.map(({ top }, index) => top - ends[index]));
  const messages = [...log.querySelectorAll(".bubble-text")].map((bubble) => ({
    seq: Number(/^#(\\d+) /.exec(bubble.textContent)?.[1]),
    box: bubble.getBoundingClientRect(),
  }));
  return {
    seen: messages.filter(({ box }) => isSeen(box)).map(({ seq, box }) => ({ seq, top: box.top })),
    seqs: messages.map(({ seq }) => seq),
    rows: rows.length,
    holes: log.querySelectorAll(".row-hole").length,
    above: log.scrollTop,
    blank,
  };
}`;

/** Waits until three frames look the same, and nothing near the view is being loaded. */
const LOOK_AT_REST = `async () => {
  const look = ${LOOK};
  let before = "";
  for (let frame = 0, still = 0; frame < 900; frame += 1) {
    await new Promise(requestAnimationFrame);
    const now = look();
    const text = JSON.stringify(now);
    still = text === before && now.holes === 0 ? still + 1 : 0;
    if (still === 2) return now;
    before = text;
  }
  throw new Error("the list does not come to rest");
}`;

/** Counts what looks like a message among all objects of the page. */
const COUNT_MESSAGES = `function () {
  return this.filter((one) => "seq" in one && "conversationId" in one && "body" in one).length;
}`;

/** Watches the list of messages of the open conversation. */
export class LogWatch {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What is there now. */
  look(): Promise<LogLook> {
    return this.#page.evaluate<LogLook>(`(${LOOK})()`);
  }

  /** What is there once nothing moves any more. */
  lookAtRest(): Promise<LogLook> {
    return this.#page.evaluate<LogLook>(`(${LOOK_AT_REST})()`);
  }

  /** Puts the mouse over the list, for `wheel`. */
  async point(): Promise<void> {
    await this.#page.locator(".talk-log").hover();
  }

  /** Turns the wheel; up with a negative number of pixels. Resolves with what is there once nothing moves any more. */
  async wheel(pixels: number): Promise<LogLook> {
    await this.#page.mouse.wheel(0, pixels);
    return this.lookAtRest();
  }

  /** How many messages the page's memory holds, after a collection of what nobody holds. */
  async heldMessages(): Promise<number> {
    const session = await this.#page.context().newCDPSession(this.#page);
    const { result: prototype } = await session.send("Runtime.evaluate", { expression: "Object.prototype" });
    const { objects } = await session.send("Runtime.queryObjects", { prototypeObjectId: prototype.objectId ?? "" });
    const { result } = await session.send("Runtime.callFunctionOn", {
      objectId: objects.objectId ?? "",
      functionDeclaration: COUNT_MESSAGES,
      returnByValue: true,
    });
    await session.detach();
    return Number(result.value);
  }
}
