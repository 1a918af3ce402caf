import type { Session } from "@hutong/chat-api";
import { ChatProgram } from "../../tools/chat-program.ts";
import { type BareDatabase, openBare } from "./bare-database.ts";
import { sendBare } from "./bare-sends.ts";
import type { ChatEffort } from "./effort.ts";
import type { Figures } from "./figures.ts";
import { InboxConnection, sendThroughServer } from "./inbox-load.ts";
import { People } from "./people.ts";
import { type Speech, speechOf } from "./speech.ts";

/** What sending gave, round by round. */
export interface SendResult {
  readonly id: SendScenario;
  /** Through the chat: sockets, checks, transaction, pushes. */
  readonly chat: readonly Figures[];
  /** The same transaction on the bare database, one for each message. */
  readonly bare: readonly Figures[];
  /** The same statements, 64 messages in each transaction. */
  readonly batched: readonly Figures[];
}

/** One to one in many conversations, or one group. */
export type SendScenario = "direct" | "group";

const BATCH = 64;
const LANES = 64;
/** With how many others each one talks. */
const PEERS = 3;
const INDEX_LIMIT_MS = 120_000;
const POLL_MS = 50;

/** Measures sending on a database: the chat and the controls take turns, so that each round has the same machine. */
export async function benchSends(
  databaseUrl: string,
  effort: ChatEffort,
  report: (line: string) => void,
): Promise<readonly SendResult[]> {
  await using program = await ChatProgram.start({ databaseUrl, ...effort.program });
  const stage = await setStage(program.url, effort);
  await using database = await openBare(databaseUrl);
  const pid = await program.pid();
  const results: SendResult[] = [];
  for (const [id, speech] of [
    ["direct", stage.direct],
    ["group", stage.group],
  ] as const) {
    const { warmMs, measuredMs } = effort;
    const rounds: Record<"chat" | "bare" | "batched", Figures[]> = { chat: [], bare: [], batched: [] };
    for (let round = 0; round < effort.rounds; round++) {
      rounds.chat.push(await sendThroughServer(stage.connections, speech, { warmMs, measuredMs, lanes: LANES, pid }));
      await indexed(database);
      rounds.bare.push(await sendBare(database, speech, { warmMs, measuredMs, batch: 1 }));
      rounds.batched.push(await sendBare(database, speech, { warmMs, measuredMs, batch: BATCH }));
      // The chat would index what the controls wrote while it is measured.
      await database.connections[0]?.query("delete from unindexed_messages");
      for (const [name, figures] of Object.entries(rounds)) {
        report(`${database.kind}, ${id}, ${name}: ${JSON.stringify(figures.at(-1))}`);
      }
    }
    results.push({ id, ...rounds });
  }
  for (const connection of stage.connections.values()) await connection[Symbol.asyncDispose]();
  return results;
}

interface Stage {
  readonly connections: ReadonlyMap<string, InboxConnection>;
  readonly direct: Speech;
  readonly group: Speech;
}

/**
 * Connected people who each talk with a few others, so that neighbours in the list have different senders, and a group of which
 * half is connected.
 */
async function setStage(url: string, { connected, members }: ChatEffort): Promise<Stage> {
  const people = new People(url);
  const sessions: Session[] = [];
  for (let rank = 0; rank < connected + members / 2; rank++) sessions.push(await people.register(`person_${rank}`));
  const present = sessions.slice(0, connected);
  const direct: { id: string; memberIds: readonly string[]; isDirect: boolean }[] = [];
  for (let distance = 1; distance <= PEERS; distance++) {
    for (const [rank, session] of present.slice(distance).entries()) {
      const peer = present[rank];
      if (peer === undefined) continue;
      await people.befriend(session, peer.me.id);
      const id = await people.openDirect(session, peer.me.id);
      direct.push({ id, memberIds: [session.me.id, peer.me.id], isDirect: true });
    }
  }
  const speakers = sessions.slice(0, members / 2);
  const [owner, ...others] = [...speakers, ...sessions.slice(connected)];
  if (owner === undefined) throw new TypeError("nobody is there");
  for (const { me } of others) await people.befriend(owner, me.id);
  const groupId = await people.makeGroup(
    owner,
    others.map(({ me }) => me.id),
  );
  const connections = new Map<string, InboxConnection>();
  for (const session of present) connections.set(session.me.id, await InboxConnection.open(url, session));
  const memberIds = speakers.map(({ me }) => me.id);
  return { connections, direct: speechOf(direct), group: speechOf([{ id: groupId, memberIds, isDirect: false }]) };
}

/** Waits until the chat has put everything into its index of words. */
export async function indexed({ connections: [connection] }: BareDatabase, limitMs = INDEX_LIMIT_MS): Promise<void> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const [row] = (await connection?.query("select count(*) as count from unindexed_messages")) ?? [];
    if (Number(row?.["count"]) === 0) return;
    if (performance.now() > endMs) throw new Error(`after ${limitMs} ms ${row?.["count"]} messages are not indexed`);
    await new Promise<void>((resolve) => void setTimeout(resolve, POLL_MS));
  }
}
