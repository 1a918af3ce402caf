import { testEngines } from "@hutong/database/testing";
import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { ProofClient } from "./support/proof-client.ts";
import { makeGroup, PROOF_LIMIT_MS, startStage, text } from "./support/proof-stage.ts";

const MESSAGES = 120;
const JOINERS = 10;

describe.each(testEngines())("proof 10, on $name", { timeout: PROOF_LIMIT_MS }, (engine) => {
  test("what is sent while clients join is neither lost nor doubled", async () => {
    await using stage = await startStage(engine);
    const [owner, reader] = [await stage.people.user("owner"), await stage.people.user("reader")];
    const conversationId = await makeGroup(owner, [reader]);
    await using writer = await new ProofClient(stage.url, owner).connect();
    const joining: Promise<ProofClient>[] = [];

    for (let count = 1; count <= MESSAGES; count++) {
      const sent = writer.call("send_message", {
        conversationId,
        clientMessageId: `message-${count}`,
        content: text(`${count}`),
      });
      // Each joins while a message is on its way.
      if (count % (MESSAGES / JOINERS) === 0) joining.push(new ProofClient(stage.url, reader).connect());
      await sent;
    }
    const clients = await Promise.all(joining);

    const { messages, lastSeq } = await owner.call("pull_messages", { conversationId, limit: 200 });
    const seqs = messages.map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    await eventually(
      () => {
        for (const client of clients) expect(client.shown(conversationId)).toEqual(seqs);
      },
      { limitMs: PROOF_LIMIT_MS / 4 },
    );
    for (const client of clients) await client.socket.close();
  });
});
