import { decodeServerFrame, encodeClientFrame, type Frame } from "@hutong/protocol";
import { ModelChannel } from "./model-channel.ts";
import type { SimulatedLink } from "./simulated-link.ts";
import type { PushOutcome, SimulatedClient, SimulatedPush, SimulatedSeat } from "./simulated-client.ts";

const RECONNECT_MS = 300;
const HEARTBEAT_MS = 5_000;
const HEARTBEAT = "heartbeat";

/**
 * The least that a client has to do to lose nothing: it speaks `hutong.1`, keeps its position per topic, and follows the
 * rule of arrivals. A second opinion on the server, and the pattern for clients in other languages.
 */
export class ModelClient implements SimulatedClient {
  readonly #seat: SimulatedSeat;
  readonly #channels = new Map<string, ModelChannel>();
  readonly #stopHeartbeats: () => void;
  #link: Pick<SimulatedLink, "clientSend" | "clientClose"> | undefined;
  #isOpen = false;
  #isClosed = false;
  #isAnswered = true;
  #lastRef = 0;

  constructor(seat: SimulatedSeat) {
    this.#seat = seat;
    this.#stopHeartbeats = seat.clock.every(HEARTBEAT_MS, () => this.#beat());
    this.#dial();
  }

  join(topic: string): void {
    if (this.#channels.has(topic)) return;
    let joinRef: string | null = null;
    const channel = new ModelChannel(topic, this.#seat, ({ event, payload, extension }) => {
      if (!this.#isOpen) return undefined;
      const ref = String(++this.#lastRef);
      if (event === "phx_join") joinRef = ref;
      this.#link?.clientSend(encodeClientFrame({ joinRef, ref, topic, event, payload, extension }));
      return ref;
    });
    this.#channels.set(topic, channel);
    if (this.#isOpen) channel.join();
  }

  leave(topic: string): void {
    this.#channels.get(topic)?.leave();
    this.#channels.delete(topic);
  }

  push(topic: string, push: SimulatedPush): Promise<PushOutcome> {
    return this.#channels.get(topic)?.push(push) ?? Promise.resolve("unknown");
  }

  close(): void {
    this.#isClosed = true;
    this.#stopHeartbeats();
    for (const topic of [...this.#channels.keys()]) this.leave(topic);
    this.#link?.clientClose(1000);
  }

  #dial(): void {
    if (this.#isClosed) return;
    this.#isAnswered = true;
    const link = this.#seat.dial({
      opened: () => this.#opened(),
      received: (frame) => this.#received(frame),
      closed: () => this.#lost(link),
    });
    this.#link = link;
  }

  #opened(): void {
    this.#isOpen = true;
    for (const channel of this.#channels.values()) channel.join();
  }

  #lost(link: Pick<SimulatedLink, "clientSend" | "clientClose">): void {
    // A link that was given up may end after its successor has begun.
    if (link !== this.#link) return;
    this.#link = undefined;
    this.#isOpen = false;
    for (const channel of this.#channels.values()) channel.lost();
    this.#seat.clock.after(RECONNECT_MS * (1 + this.#seat.random()), () => this.#dial());
  }

  #beat(): void {
    const link = this.#link;
    if (!this.#isOpen || link === undefined) return;
    if (!this.#isAnswered) {
      link.clientClose(4000);
      return this.#lost(link);
    }
    this.#isAnswered = false;
    const message = { joinRef: null, ref: HEARTBEAT, topic: "phoenix", event: HEARTBEAT, payload: {} };
    link.clientSend(encodeClientFrame(message));
  }

  #received(frame: Frame): void {
    const message = decodeServerFrame(frame);
    if (message.topic === "phoenix") this.#isAnswered = true;
    else this.#channels.get(message.topic)?.receive(message);
  }
}
