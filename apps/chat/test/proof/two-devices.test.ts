import { testEngines } from "@hutong/database/testing";
import { eventually, next } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { DrivenClock } from "./support/driven-clock.ts";
import { ProofClient } from "./support/proof-client.ts";
import { befriend, type Person, PROOF_LIMIT_MS, type ProofStage, startStage, text } from "./support/proof-stage.ts";

/** Longer than the time after which somebody without a connection counts as gone. */
const GONE_MS = 20_000;
const WAIT = { limitMs: 20_000 };

/** Ada on two devices, and Bob, her friend, with whom she talks. */
async function meet({ url, people }: ProofStage) {
  const [ada, bob] = [await people.user("ada_l"), await people.user("bob_b")];
  await befriend(ada, [bob]);
  const { conversation } = await ada.call("open_direct", { userId: bob.id });
  const devices = [ada, await people.again(ada, "other-device")] as const;
  const connect = (person: Person): Promise<ProofClient> => new ProofClient(url, person).connect();
  const [here, there, other] = [await connect(devices[0]), await connect(devices[1]), await connect(bob)];
  return { ada, devices, bob, conversationId: conversation.id, here, there, other, connect };
}

async function unreadOf(client: ProofClient, conversationId: string): Promise<number> {
  return (await client.call("get_conversation", { conversationId })).conversation.unread;
}

describe.each(testEngines())("proof 4, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("what is read on one device is read on the other, which hears of it", async () => {
    await using stage = await startStage(engine);
    const { bob, conversationId, here, there } = await meet(stage);
    const { message } = await bob.call("send_message", {
      conversationId,
      clientMessageId: "from-bob-1",
      content: text("hello"),
    });
    expect(await unreadOf(there, conversationId)).toBe(1);
    const heard = next(there.inbox, "conversation", WAIT);

    await here.call("mark_read", { conversationId, seq: message.seq });

    expect(await heard).toMatchObject({ conversation: { id: conversationId, readSeq: message.seq, unread: 0 } });
    expect(await unreadOf(there, conversationId)).toBe(0);
  });

  test("what is recalled on one device shows as recalled on the other", async () => {
    await using stage = await startStage(engine);
    const { conversationId, here, there } = await meet(stage);
    const input = { conversationId, clientMessageId: "from-ada-1", content: text("oops") };
    const { message } = await here.call("send_message", input);
    const typeThere = () => there.messages(conversationId).at(-1)?.type;
    await eventually(() => expect(typeThere()).toBe("text"), WAIT);

    await here.call("recall_message", { conversationId, seq: message.seq });

    await eventually(() => expect(typeThere()).toBe("recalled"), WAIT);
  });

  test("signing one device out leaves the other connected", async () => {
    await using stage = await startStage(engine);
    const { devices, here, there } = await meet(stage);
    const kicked = next(here.inbox, "kicked", WAIT);

    await there.call("end_session", { sessionId: devices[0].session.sessionId });

    expect(await kicked).toEqual({ sessionId: devices[0].session.sessionId, reason: "session_ended" });
    await eventually(() => expect(here.inbox.state.kind).not.toBe("joined"), WAIT);
    await expect(here.person.call("get_me", {})).rejects.toThrow("unauthorized");
    expect(await there.call("get_me", {})).toMatchObject({ id: there.person.id });
  });

  test("the end of an old connection after a reconnect does not mark somebody offline", async () => {
    const clock = new DrivenClock();
    await using stage = await startStage(engine, clock);
    const { ada, here, there, other, connect } = await meet(stage);
    const presences: boolean[] = [];
    other.inbox.on("presence", ({ userId, online }) => void (userId === ada.id && presences.push(online)));

    const again = await connect(ada);
    await here.socket.close();
    await there.socket.close();
    await clock.advance(GONE_MS);

    const isOnline = async (): Promise<boolean | undefined> =>
      (await other.call("get_presences", {})).presences.find(({ userId }) => userId === ada.id)?.online;
    expect(await isOnline()).toBe(true);
    expect(presences).not.toContain(false);
    await again.socket.close();
    // The control: with the last connection she goes.
    await eventually(async () => {
      await clock.advance(GONE_MS);
      expect(await isOnline()).toBe(false);
    }, WAIT);
  });
});
