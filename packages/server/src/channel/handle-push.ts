import { ChannelError, type ClientPushMessage } from "@hutong/protocol";
import type { Channel } from "./channel.ts";
import type { ChannelBehaviour } from "./define-channel.ts";
import { type Refuse, refuse, type Reply, type Stop } from "../results.ts";
import type { HandledResult } from "../telemetry.ts";
import { settle } from "./settle.ts";
import { type Validation, validate } from "./validate.ts";

/** What a push may lead to. */
export interface PushEffects {
  /** Answers the push. */
  answer(message: ClientPushMessage, result: Reply | Refuse): void;
  /** The payload does not fit its schema. */
  refuseInvalid(message: ClientPushMessage, issues: readonly object[]): void;
  /** The definition has no handler for the event. */
  unknownEvent(message: ClientPushMessage): void;
  /** The handler is done, and what it gave has been carried out. */
  handled(message: ClientPushMessage, result: HandledResult): void;
  /** The handler ends its channel. */
  end(result: Stop): void;
  /** The handler, or a schema, threw. */
  failed(event: string, cause: unknown, message: ClientPushMessage): void;
}

/**
 * Takes one push from its payload to its effects: check, handle, carry out the result. Never throws or
 * rejects; there is a promise only where the schema or the handler has one.
 */
export function handlePush(
  message: ClientPushMessage,
  channel: Channel,
  behaviour: ChannelBehaviour,
  effects: PushEffects,
): void | Promise<void> {
  const failed = (cause: unknown): void => {
    // The client's fault, not the handler's: what it asks for comes too fast.
    if (cause instanceof ChannelError && cause.code === "rate_limited") effects.answer(message, limited(cause));
    else effects.failed(message.event, cause, message);
  };
  const finish = (result: unknown): void | Promise<void> =>
    settle(
      () => carryOut(message, result, effects),
      (kind) => effects.handled(message, kind),
      failed,
    );
  const handle = (validation: Validation): void | Promise<void> => {
    if (validation.kind === "invalid") return effects.refuseInvalid(message, validation.issues);
    const handler = behaviour.handlers.get(message.event);
    if (handler === undefined) return effects.unknownEvent(message);
    const answer = (result: Reply | Refuse): void => effects.answer(message, result);
    return settle(() => handler(validation.value, channel, answer), finish, failed);
  };
  return settle(() => validate(behaviour.payloads.get(message.event), message.payload), handle, failed);
}

function limited({ reason, response }: ChannelError): Refuse {
  return refuse(typeof response === "object" && response !== null ? response : reason);
}

function carryOut(message: ClientPushMessage, result: unknown, effects: PushEffects): HandledResult {
  if (result === undefined) return "nothing";
  if (!isHandlerResult(result)) {
    throw new TypeError(
      `the handler of "${message.event}" must return nothing, reply(…), refuse(…), stop(…) or crash(…)`,
    );
  }
  const answer = result.kind === "stop" ? result.answer : result;
  if (answer !== undefined) effects.answer(message, answer);
  if (result.kind === "stop") effects.end(result);
  return result.kind;
}

function isHandlerResult(result: unknown): result is Reply | Refuse | Stop {
  if (typeof result !== "object" || result === null || !("kind" in result)) return false;
  return result.kind === "reply" || result.kind === "refuse" || result.kind === "stop";
}
