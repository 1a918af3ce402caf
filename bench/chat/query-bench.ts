import { ChatProgram } from "../../tools/chat-program.ts";
import { type BareDatabase, insertRows, openBare } from "./bare-database.ts";
import type { ChatEffort } from "./effort.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { cpuMicrosOf, InboxConnection } from "./inbox-load.ts";
import { type Loaded, LARGEST_SHARE, loadMessages } from "./load-messages.ts";
import { People } from "./people.ts";
import { indexed } from "./send-bench.ts";

/** What the queries gave. */
export interface QueryResult extends Omit<Loaded, "largestId"> {
  /** From the end of the loading until the chat had indexed everything. */
  readonly indexMs: number;
  readonly queries: readonly { readonly id: string; readonly figures: Figures }[];
}

/** One call of the API that is measured. */
interface Query {
  readonly id: string;
  readonly connection: InboxConnection;
  readonly event: string;
  readonly input: object;
}

/** More conversations than anybody has. */
const MANY = 5_000;
const ROWS = 500;
const INDEX_LIMIT_MS = 900_000;
const WARM_CALLS = 5;
const HOUR_MS = 3_600_000;

/** Loads a database, lets the chat index it, and measures calls one after the other, from the client's side of the socket. */
export async function benchQueries(
  databaseUrl: string,
  effort: ChatEffort,
  report: (line: string) => void,
): Promise<QueryResult> {
  await using program = await ChatProgram.start({ databaseUrl, ...effort.program });
  await using stage = await openStage(program.url);
  await using database = await openBare(databaseUrl);
  const { readerId, speakerId, collectorId, patternId } = stage;
  await stage.say("pattern-1");
  const { largestId, ...loaded } = await loadMessages(database, {
    ...{ readerId, speakerId, patternId },
    ...{ messages: effort.messages, limitMs: effort.loadLimitMs },
  });
  report(`${database.kind}: ${loaded.messages} messages loaded in ${loaded.loadMs} ms`);
  const startMs = Date.now();
  // A message wakes the indexer, which goes on until nothing is left.
  await stage.say("pattern-2");
  await indexed(database, INDEX_LIMIT_MS);
  const indexMs = Date.now() - startMs;
  report(`${database.kind}: indexed in ${indexMs} ms`);
  await collect(database, collectorId, patternId);
  const queries: { id: string; figures: Figures }[] = [];
  const pid = await program.pid();
  for (const query of queriesOf(stage, largestId, Math.floor((loaded.messages * LARGEST_SHARE) / 2))) {
    const figures = await measure(query, effort.calls, pid);
    const { p50Ms, p99Ms, cpuMicros } = figures;
    report(`${database.kind}, ${query.id}: p50 ${p50Ms} ms, p99 ${p99Ms} ms, CPU ${cpuMicros} µs`);
    queries.push({ id: query.id, figures });
  }
  return { ...loaded, indexMs, queries };
}

interface Stage extends AsyncDisposable {
  readonly readerId: string;
  readonly speakerId: string;
  readonly collectorId: string;
  /** A group of the reader and the speaker. */
  readonly patternId: string;
  readonly reading: InboxConnection;
  readonly collecting: InboxConnection;
  /** Lets the speaker say something in the group, under this client message id. */
  say(id: string): Promise<unknown>;
}

async function openStage(url: string): Promise<Stage> {
  const people = new People(url);
  const [reader, speaker] = [await people.register("reader"), await people.register("speaker")];
  const collector = await people.register("collector");
  await people.befriend(reader, speaker.me.id);
  const patternId = await people.makeGroup(reader, [speaker.me.id]);
  const reading = await InboxConnection.open(url, reader);
  const speaking = await InboxConnection.open(url, speaker);
  const collecting = await InboxConnection.open(url, collector);
  const content = { type: "text", body: { text: "pattern" } };
  return {
    ...{ readerId: reader.me.id, speakerId: speaker.me.id, collectorId: collector.me.id },
    ...{ patternId, reading, collecting },
    say: (id) => speaking.push("send_message", { conversationId: patternId, clientMessageId: id, content }),
    async [Symbol.asyncDispose]() {
      for (const connection of [reading, speaking, collecting]) await connection[Symbol.asyncDispose]();
    },
  };
}

/** `middle` is a seq in the middle of the largest conversation. */
function queriesOf({ reading, collecting }: Stage, conversationId: string, middle: number): readonly Query[] {
  const byReader = (id: string, event: string, input: object): Query => ({ id, connection: reading, event, input });
  return [
    byReader("history page", "pull_messages", { conversationId, before: middle, limit: 50 }),
    byReader("newest page", "pull_messages", { conversationId, limit: 50 }),
    byReader("gap of 200", "pull_messages", { conversationId, after: middle, limit: 200 }),
    byReader("list of 1,000 conversations", "list_conversations", { limit: 50 }),
    // With one conversation of the list the rest is the sum.
    byReader("unread total of 1,000", "list_conversations", { limit: 1 }),
    byReader("search of two characters", "search_messages", { query: "火锅" }),
    byReader("search of a frequent word", "search_messages", { query: "hello" }),
    byReader("search of a rare word", "search_messages", { query: "quetzalcoatl" }),
    byReader("sync of a new client", "sync", {}),
    byReader("sync after an absence", "sync", { since: Date.now() - HOUR_MS, known: [] }),
    byReader("heartbeat", "heartbeat", { since: Date.now() }),
    { id: "sync with 5,000 conversations", connection: collecting, event: "sync", input: {} },
  ];
}

async function measure({ connection, event, input }: Query, calls: number, pid: number): Promise<Figures> {
  for (let count = 0; count < WARM_CALLS; count++) await connection.push(event, input);
  const delaysMs: number[] = [];
  const before = cpuMicrosOf(pid);
  for (let count = 0; count < calls; count++) {
    const begunMs = performance.now();
    await connection.push(event, input);
    delaysMs.push(performance.now() - begunMs);
  }
  const measuredMs = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
  return figuresOf({ delaysMs, measuredMs, cpuMicros: cpuMicrosOf(pid) - before, count: calls });
}

/** Puts somebody into very many conversations. */
async function collect({ connections, kind }: BareDatabase, userId: string, patternId: string): Promise<void> {
  const [connection] = connections;
  if (connection === undefined) return;
  const [conversation] = await connection.query("select * from conversations where id = ?", [patternId]);
  const [member] = await connection.query("select * from members where conversation_id = ?", [patternId]);
  for (let place = 0; place < MANY; place += ROWS) {
    const ids = Array.from({ length: ROWS }, (_, rank) => `collected-${place + rank}`);
    const empty = { ...conversation, last_seq: 0, last_counted: 0 };
    await insertRows(
      connection,
      "conversations",
      ids.map((id) => ({ ...empty, id })),
    );
    const own = { ...member, user_id: userId, read_seq: 0, read_counted: 0, received_seq: 0 };
    await insertRows(
      connection,
      "members",
      ids.map((id) => ({ ...own, conversation_id: id })),
    );
  }
  if (kind === "postgres") await connection.query("analyze");
}
