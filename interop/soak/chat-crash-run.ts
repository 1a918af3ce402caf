import type { Session } from "@hutong/chat-api";
import { ChatProgram } from "../../tools/chat-program.ts";
import { type Acknowledged, ChatSoakClient } from "./chat-soak-client.ts";
import { pause } from "./measuring.ts";

/** How a run goes. */
export interface CrashPlan {
  /** An empty database. */
  readonly databaseUrl: string;
  /** Messages, over all clients. */
  readonly sends: number;
  /** How often the server is killed, evenly over the messages. */
  readonly kills: number;
}

/** What came of a run. */
export interface CrashVerdict {
  readonly sends: number;
  readonly kills: number;
  /** Messages that were sent more than once, because the first answer did not come. */
  readonly retried: number;
  /** Messages that the conversation does not have, has more than once, or has elsewhere than was acknowledged. */
  readonly missing: number;
  readonly doubled: number;
  readonly misplaced: number;
  /** Whether the seqs are 1, 2, 3, … without a hole. */
  readonly isDense: boolean;
  /** Clients that do not show the conversation as it is. */
  readonly strayed: number;
  /** From the first message to the last acknowledgement, in milliseconds. */
  readonly elapsedMs: number;
}

const CLIENTS = 8;
/** Messages that a client has on their way at a time, so that a kill meets several transactions. */
const LANES = 4;
const CONVERGE_LIMIT_MS = 60_000;
const POLL_MS = 20;

/** Kills the chat with SIGKILL again and again while clients send, and looks at what is left. */
export async function crashRun({ databaseUrl, sends, kills }: CrashPlan): Promise<CrashVerdict> {
  await using chat = await ChatProgram.start({ databaseUrl });
  const sessions: Session[] = [];
  for (let rank = 0; rank < CLIENTS; rank++) sessions.push(await register(chat.url, rank));
  const conversationId = await makeGroup(chat.url, sessions);
  const clients = sessions.map((session) => new ChatSoakClient({ url: chat.url, session, conversationId }));
  await Promise.all(clients.map((client) => client.connect()));
  const acknowledged = new Map<string, Acknowledged>();
  const startedAtMs = performance.now();
  const killing = (async () => {
    for (let kill = 1; kill <= kills; kill++) {
      while (acknowledged.size < (sends * kill) / (kills + 1)) await pause(POLL_MS);
      await chat.crash();
    }
  })();
  await Promise.all([sendAll(clients, sends, acknowledged), killing]);
  const elapsedMs = Math.round(performance.now() - startedAtMs);
  const stored = await readAll(chat.url, sessions, conversationId);
  const strayed = await strayedOf(clients, stored);
  for (const client of clients) await client[Symbol.asyncDispose]();
  return { sends, kills, elapsedMs, strayed, ...judge(stored, acknowledged) };
}

/** Whether everything is as it must be. */
export function isFaultless({ missing, doubled, misplaced, isDense, strayed }: CrashVerdict): boolean {
  return missing + doubled + misplaced + strayed === 0 && isDense;
}

async function sendAll(
  clients: readonly ChatSoakClient[],
  sends: number,
  acknowledged: Map<string, Acknowledged>,
): Promise<void> {
  let next = 0;
  const lane = async (client: ChatSoakClient): Promise<void> => {
    while (next < sends) {
      const id = `message-${next++}`;
      acknowledged.set(id, await client.send(id, id));
    }
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: LANES }, () => lane(client))));
}

interface StoredMessage {
  readonly seq: number;
  readonly text: string;
}

function judge(
  stored: readonly StoredMessage[],
  acknowledged: ReadonlyMap<string, Acknowledged>,
): Pick<CrashVerdict, "retried" | "missing" | "doubled" | "misplaced" | "isDense"> {
  const places = new Map<string, number[]>();
  for (const { seq, text } of stored) places.set(text, [...(places.get(text) ?? []), seq]);
  const sent = [...acknowledged].map(([id, { seq }]) => ({ seq, places: places.get(id) ?? [] }));
  return {
    retried: [...acknowledged.values()].filter(({ attempts }) => attempts > 1).length,
    missing: sent.filter((each) => each.places.length === 0).length,
    doubled: sent.filter((each) => each.places.length > 1).length,
    misplaced: sent.filter((each) => each.places.length === 1 && each.places[0] !== each.seq).length,
    isDense: stored.every(({ seq }, index) => seq === index + 1),
  };
}

/** How many clients do not come to show what is stored. */
async function strayedOf(clients: readonly ChatSoakClient[], stored: readonly StoredMessage[]): Promise<number> {
  const expected = stored.map(({ text }) => text).join();
  const endMs = performance.now() + CONVERGE_LIMIT_MS;
  for (;;) {
    const strayed = clients.filter(({ shown }) => shown.join() !== expected);
    if (strayed.length === 0 || performance.now() > endMs) return strayed.length;
    // What a heartbeat does: a push that got lost is found by asking.
    await Promise.all(strayed.map((client) => client.catchUp().catch(() => {})));
    await pause(POLL_MS);
  }
}

async function readAll(
  url: string,
  [session]: readonly Session[],
  conversationId: string,
): Promise<readonly StoredMessage[]> {
  const stored: StoredMessage[] = [];
  for (let isMore = true; isMore;) {
    const query = `after=${stored.at(-1)?.seq ?? 0}&limit=200`;
    const page = await request(`${url}/api/conversations/${conversationId}/messages?${query}`, { session });
    // The answer of pull_messages, as the contract says.
    const { messages, more } = page as {
      messages: { seq: number; type: string; body: { text?: string } }[];
      more: boolean;
    };
    for (const { seq, type, body } of messages) stored.push({ seq, text: type === "text" ? (body.text ?? "") : type });
    isMore = more;
  }
  return stored;
}

async function register(url: string, rank: number): Promise<Session> {
  const body = {
    username: `client_${rank}`,
    password: "correct horse battery",
    device: { key: `device-of-client-${rank}`, platform: "other", name: "soak" },
  };
  const headers = { "x-forwarded-for": `10.0.0.${rank}` };
  const session = (await request(`${url}/api/accounts`, { body, headers })) as Session; // the answer of register
  await request(`${url}/api/me/settings`, { session, method: "PUT", body: { addMe: "anyone" } });
  return session;
}

async function makeGroup(url: string, [owner, ...others]: readonly Session[]): Promise<string> {
  const userIds = others.map(({ me }) => me.id);
  for (const userId of userIds) await request(`${url}/api/friend-requests`, { session: owner, body: { userId } });
  const made = await request(`${url}/api/groups`, { session: owner, body: { userIds, title: "soak" } });
  return (made as { conversation: { id: string } }).conversation.id; // the answer of create_group
}

interface ApiRequest {
  readonly session?: Session | undefined;
  /** @defaultValue `"POST"` with a body, `"GET"` without */
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function request(url: string, { session, body, method, headers }: ApiRequest): Promise<unknown> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...headers,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(session !== undefined && { authorization: `Bearer ${session.accessToken}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
