import { decodeServerFrame, encodeClientFrame, type Frame, type Ref } from "@hutong/protocol";
import type { WaitOptions } from "./eventually.ts";
import { FrameClient, type FrameLink } from "./frame-client.ts";

/** A message of Phoenix V2 the way its text frames have it; a binary one has bytes in its payload. */
export type PhoenixFrame = readonly [joinRef: Ref, ref: Ref, topic: string, event: string, payload: unknown];

/** A {@link FrameClient} with the words of Phoenix V2. Refs count up from `"1"`, as those of phoenix.js do. */
export class PhoenixClient extends FrameClient<PhoenixFrame> {
  readonly #joinRefs = new Map<string, string>();
  #refCount = 0;

  constructor(link: FrameLink) {
    super(link, toPhoenixFrame);
  }

  /** Asks to join; `joinRef` and `ref` are the ref that is returned. */
  join(topic: string, params: unknown = {}): string {
    const ref = this.#nextRef();
    this.#joinRefs.set(topic, ref);
    this.send(encodeClientFrame({ joinRef: ref, ref, topic, event: "phx_join", payload: params }));
    return ref;
  }

  /** Pushes with the ref of the topic's latest join; bytes make a binary frame. */
  push(topic: string, event: string, payload: unknown = {}): string {
    const ref = this.#nextRef();
    this.send(encodeClientFrame({ joinRef: this.#joinRefs.get(topic) ?? null, ref, topic, event, payload }));
    return ref;
  }

  /** Asks to leave. */
  leave(topic: string): string {
    return this.push(topic, "phx_leave");
  }

  /** Waits for the reply to a ref; see {@link FrameClient.next}. */
  reply(ref: string, options: WaitOptions = {}): Promise<PhoenixFrame> {
    return this.next((message) => message[3] === "phx_reply" && message[1] === ref, options);
  }

  #nextRef(): string {
    this.#refCount++;
    return String(this.#refCount);
  }
}

function toPhoenixFrame(frame: Frame): PhoenixFrame {
  const { joinRef, ref, topic, event, payload } = decodeServerFrame(frame);
  return [joinRef, ref, topic, event, payload];
}
