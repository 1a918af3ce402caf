import { testEngines } from "@hutong/database/testing";
import { DEFAULT_CONNECTION_LIMITS, type Server } from "@hutong/server";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ProofClient } from "./support/proof-client.ts";
import { makeGroup, PROOF_LIMIT_MS, startStage, text } from "./support/proof-stage.ts";

/** Fills the buffers of the system soon, which hide for a while that nobody reads. */
const LONG_TEXT = "很".repeat(3_900);
const AT_ONCE = 32;
/** More than any system buffers. */
const MAX_ROUNDS = 100;
const WAIT = { limitMs: PROOF_LIMIT_MS / 4 };

describe.each(testEngines())("proof 6, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("who does not read holds no more than its queue, and has everything when it reads again", async () => {
    await using stage = await startStage(engine);
    const { server } = stage.started.chat;
    const [ada, ben, idle] = [
      await stage.people.user("ada_l"),
      await stage.people.user("ben_b"),
      await stage.people.user("idle"),
    ];
    const conversationId = await makeGroup(ada, [ben, idle]);
    const webSockets: WebSocket[] = [];
    class SeenWebSocket extends WebSocket {
      constructor(url: string, subprotocols?: string[]) {
        super(url, subprotocols);
        webSockets.push(this);
      }
    }
    await using reader = await new ProofClient(stage.url, ben).connect();
    await using stalled = await new ProofClient(stage.url, idle, { webSocket: SeenWebSocket }).connect();
    expect(connectionsOf(server)).toBe(2);

    webSockets[0]?.pause();
    let [count, mostQueued] = [0, 0];
    // At half its queue it is left the newest push only, at the whole of it it is cut; a fast server gets no further
    // than the first. Whoever is cut may be back before the next look, so what was reported decides.
    const wasLimited = (): boolean =>
      stage.started.events.some(
        (event) =>
          event.kind === "live_frames_dropped" ||
          (event.kind === "connection_closed" && event.close === "slow_consumer"),
      );
    for (let round = 0; !wasLimited() && round < MAX_ROUNDS; round++) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, () => {
          const clientMessageId = `message-${++count}`;
          return ada.call("send_message", { conversationId, clientMessageId, content: text(LONG_TEXT) });
        }),
      );
      mostQueued = Math.max(mostQueued, ...[...server.connections()].map(({ bufferedAmount }) => bufferedAmount));
    }

    expect(wasLimited()).toBe(true);
    expect(mostQueued).toBeLessThan(DEFAULT_CONNECTION_LIMITS.maxQueuedBytes);
    const seqs = Array.from({ length: count + 1 }, (_, index) => index + 1);
    await eventually(() => expect(reader.shown(conversationId)).toEqual(seqs), WAIT);

    webSockets[0]?.resume();
    await eventually(() => expect(stalled.shown(conversationId)).toEqual(seqs), WAIT);
  });
});

/** Connections that are up; one that is being closed is not among them. */
function connectionsOf(server: Server): number {
  return [...server.connections()].filter(({ state }) => state === "open").length;
}
