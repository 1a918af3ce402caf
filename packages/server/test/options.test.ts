import { expect, test } from "vitest";
import {
  DEFAULT_CHANNEL_LIMITS,
  DEFAULT_CONNECTION_LIMITS,
  DEFAULT_SERVER_LIMITS,
  resolveLimits,
} from "../src/options.ts";

test("limits that are not given take their defaults", () => {
  expect(resolveLimits({ maxFrames: 5 }, { maxFrames: 1, idleMs: 60 })).toEqual({ maxFrames: 5, idleMs: 60 });
});

test("a limit of undefined takes its default", () => {
  // What a caller without types passes.
  const given = Object.fromEntries([["idleMs", undefined]]);

  expect(resolveLimits(given, { idleMs: 60 })).toEqual({ idleMs: 60 });
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("a limit of %s is refused", (value) => {
  expect(() => resolveLimits({ idleMs: value }, { idleMs: 60 })).toThrow(RangeError);
});

test("every wrong limit is named at once, with its value", () => {
  expect(() => resolveLimits({ idleMs: 0, maxFrames: 2.5 }, { idleMs: 1, maxFrames: 1, fine: 1 })).toThrow(
    "limits must be whole numbers from 1 to 2^53 - 1: idleMs is 0, maxFrames is 2.5",
  );
});

test("the defaults do not change when a caller's limits are resolved", () => {
  resolveLimits({ maxChannels: 1 }, DEFAULT_CONNECTION_LIMITS);

  expect(DEFAULT_CONNECTION_LIMITS.maxChannels).toBe(100);
});

test("the defaults are those of the documentation", () => {
  expect(DEFAULT_CONNECTION_LIMITS).toEqual({
    maxFrameBytes: 65_536,
    idleTimeoutMs: 60_000,
    pingIntervalMs: 3_000,
    maxChannels: 100,
    maxMalformedFrames: 100,
    maxControlFrames: 100,
    softQueuedBytes: 131_072,
    lagQueuedBytes: 262_144,
    resumeQueuedBytes: 65_536,
    maxQueuedBytes: 1_048_576,
    stallTimeoutMs: 10_000,
    closeTimeoutMs: 5_000,
    messagesPerSecond: 200,
    messageBurst: 2_000,
    joinsPerSecond: 20,
    joinBurst: 200,
    maxRateRefusals: 200,
  });
  expect(DEFAULT_CHANNEL_LIMITS).toEqual({
    joinTimeoutMs: 8_000,
    maxPendingMessages: 256,
    answerMemoryMs: 600_000,
    maxRememberedAnswers: 100_000,
  });
  expect(DEFAULT_SERVER_LIMITS).toEqual({
    joinTimeoutMs: 8_000,
    maxPendingMessages: 256,
    answerMemoryMs: 600_000,
    maxRememberedAnswers: 100_000,
    maxConnections: 100_000,
    connectTimeoutMs: 10_000,
    drainMs: 1_000,
    drainAnswerMs: 2_000,
    userMessagesPerSecond: 500,
    userMessageBurst: 5_000,
    handshakesPerSecond: 100,
    handshakeBurst: 2_000,
    maxRateKeys: 100_000,
  });
});
