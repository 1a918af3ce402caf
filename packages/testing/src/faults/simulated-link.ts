import type { Frame } from "@hutong/protocol";
import type { Clock, FrameBatch, Transport, TransportReceiver } from "@hutong/server/plugin";
import type { SeededRandom } from "./seeded-random.ts";
import { SimulatedPipe } from "./simulated-pipe.ts";

/** What the client's end of a link tells. */
export interface LinkHandlers {
  /** The link is up. At most once. */
  opened(): void;
  /** A frame arrived, after those that the server sent before. */
  received(frame: Frame): void;
  /** The link is gone, or never came. Once, and last. */
  closed(code: number): void;
}

/** Time after which an end gives up on a close that the other end does not answer, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * A link between a client and a server in one process. It delays what it carries, keeps its order, and breaks as
 * it is told. It is the server's transport; the client's end are the methods that begin with `client`.
 */
export class SimulatedLink implements Transport {
  readonly name = "simulated";
  readonly noticesSilence = false;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #latencyMs: number;
  readonly #client: LinkHandlers;
  readonly #toClient: SimulatedPipe;
  readonly #toServer: SimulatedPipe;
  #receiver: TransportReceiver | undefined;
  #isServerOver = false;
  #isClientOver = false;

  constructor(clock: Clock, random: SeededRandom, client: LinkHandlers) {
    this.#clock = clock;
    this.#random = random;
    this.#client = client;
    this.#latencyMs = random.between(0, 40);
    this.#toClient = new SimulatedPipe(clock);
    this.#toServer = new SimulatedPipe(clock);
  }

  /** Whether neither end can use it any more. */
  get isOver(): boolean {
    return this.#isServerOver && this.#isClientOver;
  }

  get bufferedAmount(): number {
    return this.#toClient.waitingBytes;
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.#toClient.put(0, this.#delay(), () => this.#isClientOver || this.#client.opened());
  }

  send(batch: FrameBatch): void {
    if (this.#isServerOver) return;
    for (const { frame } of batch.frames()) this.#toClient.put(frame.length, this.#delay(), () => this.#reach(frame));
  }

  ping(): void {
    this.#toClient.put(0, this.#delay(), () =>
      this.#toServer.put(0, this.#delay(), () => this.#isServerOver || this.#receiver?.alive()),
    );
  }

  close(code: number): void {
    this.#toClient.put(0, this.#delay(), () => {
      this.#endClient(code);
      this.#toServer.put(0, this.#delay(), () => this.#endServer(code));
    });
    this.#clock.after(CLOSE_TIMEOUT_MS, () => this.terminate());
  }

  terminate(): void {
    this.#endServer(1006);
    this.#toServer.break();
    this.#toClient.put(0, this.#delay(), () => this.#endClient(1006));
  }

  /** Sends a frame as the client. */
  clientSend(frame: Frame): void {
    if (this.#isClientOver) return;
    this.#toServer.put(frame.length, this.#delay(), () => {
      if (!this.#isServerOver) this.#receiver?.frame(frame);
    });
  }

  /** Closes as the client. */
  clientClose(code: number): void {
    this.#toServer.put(0, this.#delay(), () => {
      this.#endServer(code);
      this.#toClient.put(0, this.#delay(), () => this.#endClient(code));
    });
    this.#clock.after(CLOSE_TIMEOUT_MS, () => this.#endClient(1006));
  }

  /** The client reads nothing until {@link resume}. */
  pause(): void {
    this.#toClient.stop();
  }

  /** The client reads again. */
  resume(): void {
    this.#toClient.start();
  }

  /** Breaks the link; both ends notice, each in its time. What was under way is lost. */
  cut(): void {
    this.#lose();
    this.#clock.after(this.#random.between(0, 200), () => this.#endServer(1006));
    this.#clock.after(this.#random.between(0, 200), () => this.#endClient(1006));
  }

  /** The cable is out: nothing arrives any more, and neither end is told. */
  unplug(): void {
    this.#toClient.stop();
    this.#toServer.stop();
  }

  /** The cable is in again: what was under way arrives, if the ends have not given up. */
  plug(): void {
    this.#toClient.start();
    this.#toServer.start();
  }

  /** The server's process is gone: its end is over at once, the client notices soon. */
  crash(): void {
    this.#lose();
    this.#endServer(1006);
    this.#clock.after(this.#random.between(0, 50), () => this.#endClient(1006));
  }

  #lose(): void {
    this.#toClient.break();
    this.#toServer.break();
  }

  #reach(frame: Frame): void {
    if (!this.#isClientOver) this.#client.received(frame);
    if (this.#toClient.waitingBytes === 0 && !this.#isServerOver) this.#receiver?.writable();
  }

  #endServer(code: number): void {
    if (this.#isServerOver) return;
    this.#isServerOver = true;
    this.#receiver?.closed(code, "");
  }

  #endClient(code: number): void {
    if (this.#isClientOver) return;
    this.#isClientOver = true;
    this.#client.closed(code);
  }

  #delay(): number {
    return this.#latencyMs + (this.#random.chance(0.1) ? this.#random.between(0, 100) : 0);
  }
}
