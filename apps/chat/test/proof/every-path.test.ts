import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { ProofClient } from "./support/proof-client.ts";
import {
  befriend,
  makeGroup,
  type Person,
  PROOF_LIMIT_MS,
  type ProofStage,
  startStage,
  text,
} from "./support/proof-stage.ts";
import { refusalOf } from "./support/refusal.ts";

/** Sends to a conversation in every way that there is, and gives the code of each refusal. */
type TryEveryPath = (conversationId: string) => Promise<readonly (string | undefined)[]>;

let count = 0;
function nextId(): string {
  return `every-path-${++count}`;
}

async function pathsOf({ url }: ProofStage, sender: Person): Promise<{ every: TryEveryPath } & AsyncDisposable> {
  const client = await new ProofClient(url, sender).connect();
  const { conversation } = await sender.call("open_room", { name: "lobby" });
  const original = await sender.call("send_message", {
    conversationId: conversation.id,
    clientMessageId: nextId(),
    content: text("to be passed on"),
  });
  return {
    every: async (conversationId) => {
      const input = (words: string) => ({ conversationId, clientMessageId: nextId(), content: text(words) });
      const { refused } = await sender.call("forward_messages", {
        conversationId: conversation.id,
        seqs: [original.message.seq],
        to: [conversationId],
        clientMessageId: nextId(),
      });
      return [
        await refusalOf(client.call("send_message", input("over the socket"))),
        await refusalOf(sender.call("send_message", input("over HTTP"))),
        refused[0]?.code,
      ];
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

async function directWith(sender: Person, { id }: Person): Promise<string> {
  return (await sender.call("open_direct", { userId: id })).conversation.id;
}

describe.each(testEngines())("proof 7, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("who is blocked gets nothing through, and brings nobody along", async () => {
    await using stage = await startStage(engine);
    const [ada, ben, cleo] = [
      await stage.people.user("ada_l"),
      await stage.people.user("ben_b"),
      await stage.people.user("cleo"),
    ];
    await befriend(ada, [ben, cleo]);
    const conversationId = await directWith(ada, ben);
    const groupId = await makeGroup(ada, [cleo]);
    await using paths = await pathsOf(stage, ada);
    expect(await paths.every(conversationId)).toEqual([undefined, undefined, undefined]);

    await ben.call("block_user", { userId: ada.id });

    expect(await paths.every(conversationId)).toEqual(["blocked", "blocked", "blocked"]);
    expect(await ada.call("add_members", { conversationId: groupId, userIds: [ben.id] })).toMatchObject({
      added: [],
      refused: [ben.id],
    });
    expect(await refusalOf(ada.call("create_group", { userIds: [cleo.id, ben.id] }))).toBe("blocked");
  });

  test("who is muted gets nothing through, and changes nothing that is there", async () => {
    await using stage = await startStage(engine);
    const [owner, ada] = [await stage.people.user("owner"), await stage.people.user("ada_l")];
    const conversationId = await makeGroup(owner, [ada]);
    await using paths = await pathsOf(stage, ada);
    const { message } = await ada.call("send_message", {
      conversationId,
      clientMessageId: nextId(),
      content: text("I"),
    });

    await owner.call("mute_member", { conversationId, userId: ada.id, forMs: 3_600_000 });
    expect(await paths.every(conversationId)).toEqual(["muted", "muted", "muted"]);
    const place = { conversationId, seq: message.seq };
    expect(await refusalOf(ada.call("edit_message", { ...place, text: "not I" }))).toBe("muted");
    expect(await refusalOf(ada.call("react", { ...place, emoji: "👍", on: true }))).toBe("muted");

    await owner.call("mute_member", { conversationId, userId: ada.id, forMs: 0 });
    await owner.call("update_group", { conversationId, muteAll: true });
    expect(await paths.every(conversationId)).toEqual(["mute_all", "mute_all", "mute_all"]);

    await owner.call("update_group", { conversationId, muteAll: false });
    await owner.call("remove_member", { conversationId, userId: ada.id });
    expect(await paths.every(conversationId)).toEqual(["not_member", "not_member", "not_member"]);
  });

  test("a stranger gets as many messages through as the settings say, over all paths together", async () => {
    await using stage = await startStage(engine);
    const [ada, ben] = [await stage.people.user("ada_l"), await stage.people.user("ben_b")];
    const visitor = await stage.people.visitor("passer-by");
    await ben.call("update_settings", { strangers: { visitor: 2, user: 1 } });
    await using paths = await pathsOf(stage, ada);
    const conversationId = await directWith(ada, ben);

    const sent = await Promise.all([paths.every(conversationId), paths.every(conversationId)]);
    const codes = sent.flat();
    expect(codes.filter((code) => code === undefined)).toHaveLength(1);
    expect(codes.filter((code) => code === "stranger_limit")).toHaveLength(5);

    await using visitorPaths = await pathsOf(stage, visitor);
    const visits = await visitorPaths.every(await directWith(visitor, ben));
    expect(visits.filter((code) => code === undefined)).toHaveLength(2);

    await ben.call("update_settings", { strangers: { visitor: 0, user: 0 } });
    expect(await visitorPaths.every(await directWith(visitor, ben))).toEqual([
      "not_friend",
      "not_friend",
      "not_friend",
    ]);
  });
});
