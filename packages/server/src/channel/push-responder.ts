import { type ClientPushMessage, ERROR_CODES, type ErrorName, type LeaveMessage } from "@hutong/protocol";
import { CONSOLE_TELEMETRY } from "../console-telemetry.ts";
import { type Refuse, refuse, type Reply, type Stop } from "../results.ts";
import type { HandledResult } from "../telemetry.ts";
import type { ChannelHost } from "./channel-host.ts";
import type { ChannelVoice } from "./channel-voice.ts";
import type { PushEffects } from "./handle-push.ts";

/** How a {@link PushResponder} ends its channel. */
export interface ChannelEnds {
  /** Whether the channel has ended. */
  readonly isEnded: boolean;
  /** Ends the channel as intended. */
  stop(reason: string): void;
  /** Ends the channel so that the client joins again. */
  crash(reason: string): void;
}

/** Carries out what pushes lead to: answers for the client, reports for telemetry, and the end of the channel. */
export class PushResponder implements PushEffects {
  readonly #host: ChannelHost;
  readonly #topic: string;
  readonly #voice: ChannelVoice;
  readonly #ends: ChannelEnds;
  /** When the push that is being handled had its turn; a channel handles one at a time. */
  #begunAtMs = 0;

  constructor(host: ChannelHost, topic: string, voice: ChannelVoice, ends: ChannelEnds) {
    this.#host = host;
    this.#topic = topic;
    this.#voice = voice;
    this.#ends = ends;
  }

  /** Whether the push was handled before, or is being handled; its sender is then answered from here. */
  isRepeated(message: ClientPushMessage): boolean {
    const id = this.#idOf(message);
    return id !== undefined && !this.#host.answeredPushes.begin(id, (answer) => this.#reply(message, answer));
  }

  /** A push has its turn. */
  begin(): void {
    if (this.#host.telemetry !== CONSOLE_TELEMETRY) this.#begunAtMs = this.#host.clock.now();
  }

  handled({ event }: ClientPushMessage, result: HandledResult): void {
    const { clock, telemetry } = this.#host;
    if (telemetry === CONSOLE_TELEMETRY) return;
    const durationMs = clock.now() - this.#begunAtMs;
    telemetry({ kind: "message_handled", ...this.#place, event: event.slice(0, 80), result, durationMs });
  }

  answer(message: ClientPushMessage, result: Reply | Refuse): void {
    const id = this.#idOf(message);
    if (id === undefined || !this.#host.answeredPushes.answer(id, result)) this.#reply(message, result);
  }

  refuseInvalid(message: ClientPushMessage, issues: readonly object[]): void {
    this.#report(message, "invalid_payload");
    this.answer(message, refuse({ reason: ERROR_CODES.invalid_payload.reason, issues }));
  }

  /** Refuses a push before it is looked at. */
  refuseOverloaded(message: ClientPushMessage): void {
    this.#report(message, "overloaded");
    this.#reply(message, refuse(ERROR_CODES.overloaded.reason));
  }

  unknownEvent(message: ClientPushMessage): void {
    this.#forget(message);
    this.#report(message, "unknown_event");
    this.#crashWhereMeant("unknown_event");
  }

  /** Answers what reached the channel after its end, as if it had never been joined (PHX: unmatched topic). */
  answerLate(message: ClientPushMessage | LeaveMessage): void {
    if (message.kind === "push") this.#report(message, "unmatched_topic");
    this.#voice.replyLate(message.kind, message.ref);
  }

  end({ isCrash, reason }: Stop): void {
    if (isCrash) this.#ends.crash(reason);
    else this.#ends.stop(reason);
  }

  failed(event: string, cause: unknown, message?: ClientPushMessage): void {
    if (message !== undefined) this.#forget(message);
    this.#host.telemetry({ kind: "handler_failed", ...this.#place, event: event.slice(0, 80), cause });
    this.#crashWhereMeant("crashed");
  }

  get #place(): { readonly connectionId: string; readonly topic: string } {
    return { connectionId: this.#voice.peer.info.id, topic: this.#topic };
  }

  /** A push is known by its id to one identity on one topic: nobody is given the answer of somebody else. */
  #idOf({ pushId }: ClientPushMessage): string | undefined {
    return pushId && JSON.stringify([this.#topic, this.#voice.peer.info.socketId, pushId]);
  }

  #forget(message: ClientPushMessage): void {
    const id = this.#idOf(message);
    if (id !== undefined) this.#host.answeredPushes.forget(id);
  }

  #reply({ ref }: ClientPushMessage, result: Reply | Refuse): void {
    if (this.#ends.isEnded) return;
    this.#voice.reply(ref, result.kind === "reply" ? result.status : "error", result.response);
  }

  #report({ event }: ClientPushMessage, code: ErrorName): void {
    this.#host.telemetry({ kind: "message_refused", ...this.#place, event: event.slice(0, 80), code });
  }

  #crashWhereMeant(reason: string): void {
    if (this.#voice.peer.wireProtocol.traits.handlerFailure === "ends_channel") this.#ends.crash(reason);
  }
}
