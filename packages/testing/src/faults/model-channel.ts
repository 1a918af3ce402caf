import {
  judgeArrival,
  type PhoenixMessage,
  positionOf,
  readReport,
  readStamp,
  type RecoveryReport,
  SKIP_EVENT,
  type StreamPosition,
  writePosition,
} from "@hutong/protocol";
import type { PushOutcome, SimulatedPush, SimulatedSeat } from "./simulated-client.ts";

interface WaitingPush extends SimulatedPush {
  ref: string | undefined;
  readonly settle: (outcome: PushOutcome) => void;
}

/** Sends a frame of the topic and gives its ref; `undefined` while the link is down. */
export type SendOnTopic = (message: Pick<PhoenixMessage, "event" | "payload" | "extension">) => string | undefined;

const REJOIN_MS = 500;

/** One topic of a {@link ModelClient}. */
export class ModelChannel {
  readonly #topic: string;
  readonly #seat: SimulatedSeat;
  readonly #send: SendOnTopic;
  #state: "away" | "joining" | "loading" | "joined" | "left" = "away";
  #joinRef: string | undefined;
  #position: StreamPosition | undefined;
  #held: PhoenixMessage[] = [];
  #turn = 0;
  #pushes: WaitingPush[] = [];

  constructor(topic: string, seat: SimulatedSeat, send: SendOnTopic) {
    this.#topic = topic;
    this.#seat = seat;
    this.#send = send;
  }

  /** Joins, from the position if there is one. Does nothing while the link is down. */
  join(): void {
    if (this.#state === "left") return;
    this.#turn++;
    this.#state = "joining";
    const extension = this.#position && writePosition(this.#position);
    this.#joinRef = this.#send({ event: "phx_join", payload: {}, extension });
  }

  /** The link is gone. */
  lost(): void {
    if (this.#state === "left") return;
    this.#turn++;
    this.#state = "away";
    for (const push of this.#pushes) if (push.ref !== undefined && !push.isDurable) this.#settle(push, "unknown");
    for (const push of this.#pushes) push.ref = undefined;
  }

  /** Leaves for good. */
  leave(): void {
    if (this.#joinRef !== undefined) this.#send({ event: "phx_leave", payload: {} });
    this.#turn++;
    this.#state = "left";
    for (const push of this.#pushes) this.#settle(push, "unknown");
  }

  /** Pushes now, or when the channel is joined. */
  push(push: SimulatedPush): Promise<PushOutcome> {
    return new Promise((settle) => {
      this.#pushes.push({ ...push, ref: undefined, settle });
      this.#sendPushes();
    });
  }

  /** Takes a message of the topic. */
  receive(message: PhoenixMessage): void {
    const { joinRef, ref, event } = message;
    if (this.#state === "left" || (joinRef !== null && joinRef !== this.#joinRef)) return;
    if (event === "phx_reply") return ref === this.#joinRef ? this.#joinAnswered(message) : this.#answered(message);
    if (event === "phx_error" || event === "phx_close") return this.#joinAgain();
    if (this.#state === "loading") this.#held.push(message);
    else if (this.#state === "joined") this.#take(message);
  }

  #joinAnswered({ payload, extension }: PhoenixMessage): void {
    if (this.#state !== "joining") return;
    if (!isOk(payload)) return this.#joinAgain();
    const report = readReport(extension);
    if (report?.recovered === true) this.#joined();
    else void this.#load(report);
  }

  async #load(report: RecoveryReport | undefined): Promise<void> {
    const turn = this.#turn;
    this.#state = "loading";
    this.#position = undefined;
    this.#held = [];
    try {
      const position = await this.#seat.load(this.#topic);
      if (turn !== this.#turn) return;
      // What was loaded is older than what follows: something may lie in between.
      const isBehind =
        report !== undefined && position.epoch === report.position.epoch && position.offset < report.position.offset;
      this.#position = position;
      if (isBehind || position.epoch !== report?.position.epoch) return this.join();
    } catch {
      // The application's data could not be loaded.
      if (turn === this.#turn) this.#joinAgain();
      return;
    }
    this.#joined();
  }

  #joined(): void {
    this.#state = "joined";
    for (const message of this.#held.splice(0)) this.#take(message);
    this.#sendPushes();
  }

  #take({ event, payload, extension }: PhoenixMessage): void {
    const stamp = readStamp(extension);
    if (stamp === undefined || this.#position === undefined || this.#state !== "joined") return;
    const arrival = judgeArrival(this.#position, stamp);
    if (arrival === "duplicate") return;
    if (arrival !== "next") {
      this.#seat.broke?.(this.#topic, arrival);
      return this.join();
    }
    this.#position = positionOf(stamp);
    if (event !== SKIP_EVENT) this.#seat.delivered(this.#topic, payload);
  }

  #joinAgain(): void {
    this.lost();
    const turn = this.#turn;
    this.#seat.clock.after(REJOIN_MS, () => turn === this.#turn && this.join());
  }

  #sendPushes(): void {
    if (this.#state !== "joined") return;
    for (const push of this.#pushes) {
      if (push.ref !== undefined) continue;
      push.ref = this.#send({ ...push, extension: push.isDurable ? push.id : undefined });
    }
  }

  #answered({ ref, payload }: PhoenixMessage): void {
    const push = this.#pushes.find((candidate) => candidate.ref === ref);
    if (push !== undefined) this.#settle(push, isOk(payload) ? "accepted" : "refused");
  }

  #settle(push: WaitingPush, outcome: PushOutcome): void {
    this.#pushes = this.#pushes.filter((other) => other !== push);
    push.settle(outcome);
  }
}

function isOk(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "status" in payload && payload.status === "ok";
}
