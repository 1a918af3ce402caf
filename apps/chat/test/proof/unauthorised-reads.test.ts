import { type ActionName, ACTIONS, type SocketActionName } from "@hutong/chat-api";
import { testEngines } from "@hutong/database/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiClient, reasonOf } from "../support/api-client.ts";
import { ProofClient } from "./support/proof-client.ts";
import { makeGroup, type Person, PROOF_LIMIT_MS, type ProofStage, startStage, text } from "./support/proof-stage.ts";
import { refusalOf } from "./support/refusal.ts";

/** Every action that names a conversation, with the rest of an input that fits. */
const INPUTS: ReadonlyMap<ActionName, object> = new Map<ActionName, object>([
  ["get_conversation", {}],
  ["list_members", {}],
  ["update_membership", { pinned: true }],
  ["mark_read", { seq: 1 }],
  ["mark_received", { seq: 1 }],
  ["set_typing", { typing: true }],
  ["clear_history", {}],
  ["send_message", { clientMessageId: "outsider-1", content: text("hi") }],
  ["pull_messages", {}],
  ["pull_changes", { after: 0 }],
  ["edit_message", { seq: 2, text: "mine" }],
  ["recall_message", { seq: 2 }],
  ["delete_messages", { seqs: [2] }],
  ["react", { seq: 2, emoji: "👍", on: true }],
  ["forward_messages", { seqs: [2], to: ["nowhere"], clientMessageId: "outsider-2" }],
  ["list_readers", { seq: 2 }],
  ["update_group", { title: "mine" }],
  ["add_members", { userIds: ["somebody"] }],
  ["remove_member", { userId: "somebody" }],
  ["set_role", { userId: "somebody", role: "admin" }],
  ["mute_member", { userId: "somebody", forMs: 1 }],
  ["transfer_group", { userId: "somebody" }],
  ["leave_group", {}],
  ["dismiss_group", {}],
  ["create_invite", {}],
  ["revoke_invites", {}],
  ["join_open_group", {}],
  ["list_join_requests", {}],
  ["answer_join_request", { requestId: "some-request", answer: "accept" }],
]);

/** Answers with an empty list instead of a refusal, and is tested by itself. */
const ANSWERS_NOTHING: readonly string[] = ["search_messages"];

test("every action that names a conversation is in the table", () => {
  const named = Object.entries(ACTIONS).flatMap(([name, { input }]) => ("conversationId" in input.shape ? [name] : []));
  expect(named.toSorted()).toEqual([...INPUTS.keys(), ...ANSWERS_NOTHING].toSorted());
});

describe.each(testEngines())("proof 8, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  let stage: ProofStage;
  let [owner, gone, outsider]: Person[] = [];
  let client: ProofClient;
  let conversationId: string;

  beforeAll(async () => {
    stage = await startStage(engine);
    owner = await stage.people.user("owner");
    gone = await stage.people.user("gone");
    outsider = await stage.people.user("outsider");
    conversationId = await makeGroup(owner, [gone]);
    await owner.call("send_message", { conversationId, clientMessageId: "secret-1", content: text("秘密 plan") });
    await gone.call("leave_group", { conversationId });
    await owner.call("send_message", { conversationId, clientMessageId: "secret-2", content: text("秘密 since") });
    client = await new ProofClient(stage.url, outsider).connect();
  }, PROOF_LIMIT_MS);

  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  test.each([...INPUTS])("%s tells an outsider nothing, over HTTP and over the socket", async (name, rest) => {
    const input = { conversationId, ...rest };
    const answer = await new ApiClient(stage.url, outsider?.session).send(name, input);
    expect([403, 404]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toMatch(/秘密|proof/);
    // The table holds no action that is for HTTP only.
    const pushed = await refusalOf(client.call(name as SocketActionName, input));
    expect(pushed).toBe(reasonOf(answer.body));
    const unknown = await new ApiClient(stage.url, outsider?.session).send(name, { ...input, conversationId: "none" });
    expect(answer.status === 404 ? unknown.body : undefined).toEqual(answer.status === 404 ? answer.body : undefined);
  });

  test("a search finds what the searcher may read, and nothing after it left", async () => {
    const find = async (person: Person | undefined, within?: string): Promise<readonly string[]> => {
      const scope = within === undefined ? {} : { conversationId: within };
      const { messages } = (await person?.call("search_messages", { query: "秘密", ...scope })) ?? { messages: [] };
      return messages.map((message) => (message.type === "text" ? message.body.text : message.type));
    };
    expect(await find(owner)).toEqual(["秘密 since", "秘密 plan"]);
    expect(await find(gone)).toEqual(["秘密 plan"]);
    expect(await find(outsider)).toEqual([]);
    expect(await find(outsider, conversationId)).toEqual([]);
  });

  test("a file is read by those who can read its message, and by nobody else", async () => {
    const form = new FormData();
    form.append("file", new Blob(["秘密 file"], { type: "text/plain" }), "secret.txt");
    const upload = await new ApiClient(stage.url, owner?.session).request("/files", { method: "POST", body: form });
    expect(upload.status).toBe(200);
    const { file } = upload.body as { file: { id: string } }; // the answer of upload_file
    const content = { type: "file" as const, body: { fileId: file.id, name: "secret.txt", size: 11 } };
    await owner?.call("send_message", { conversationId, clientMessageId: "secret-3", content });

    const statusFor = async (person: Person | undefined): Promise<number> =>
      (await new ApiClient(stage.url, person?.session).request(`/files/${file.id}`)).status;
    expect(await statusFor(owner)).toBe(200);
    expect(await statusFor(gone)).toBe(404);
    expect(await statusFor(outsider)).toBe(404);
    expect(await statusFor(undefined)).toBe(401);
    // Nor can somebody pass on a file by naming it.
    const { conversation } = (await outsider?.call("open_room", { name: "lobby" })) ?? {};
    const stolen = { conversationId: conversation?.id ?? "", clientMessageId: "stolen-1", content };
    expect(await refusalOf(client.call("send_message", stolen))).toBe("not_found");
  });

  test("who left reads up to the leaving, by whatever way it asks", async () => {
    const asked = [{}, { after: 1 }, { around: 3 }, { before: 100 }];
    for (const where of asked) {
      const page = await gone?.call("pull_messages", { conversationId, ...where });
      expect(JSON.stringify(page)).toContain("秘密 plan");
      expect(JSON.stringify(page)).not.toContain("秘密 since");
    }
  });

  test("nobody hears another one's inbox, or a group as if it were a room", async () => {
    const inbox = client.socket.channel(`inbox:${owner?.id}`, {});
    expect(await refusalOf(inbox.join())).toBe("unauthorized");
    const room = client.socket.channel(`conversation:${conversationId}`, {});
    expect(await refusalOf(room.join())).not.toBeUndefined();
  });
});
