const KEY = "hutong-auction-token";

/** Who the visitor is; `undefined` for spectators. A token that is no good any more is forgotten. */
export async function readToken(): Promise<string | undefined> {
  const token = localStorage.getItem(KEY);
  if (token === null) return undefined;
  const { status } = await send("GET", "/api/people/me", undefined, token);
  if (status !== 401) return token;
  localStorage.removeItem(KEY);
  return undefined;
}

/** Signs in under a name. */
export async function signIn(name: string): Promise<void> {
  const { body } = await send("POST", "/api/people", { name });
  localStorage.setItem(KEY, readText(body, "token"));
}

/** Pays the deposit of the one whom the token speaks for. */
export async function payDeposit(token: string): Promise<void> {
  const { status } = await send("POST", "/api/deposit", {}, token);
  if (status !== 200) throw new Error(`the deposit was answered with ${status}`);
}

/** The auction that was opened last; `undefined` when there was none yet. */
export async function newestAuction(): Promise<string | undefined> {
  const { status, body } = await send("GET", "/api/auctions/newest");
  return status === 404 ? undefined : readText(body, "id");
}

/** A thing to be sold; money in cents. */
export interface Sale {
  readonly title: string;
  readonly startPrice: number;
  readonly step: number;
  readonly reserve: number;
  readonly minutes: number;
}

/** Opens an auction and gives its id. */
export async function openAuction(token: string, sale: Sale): Promise<string> {
  return readText((await send("POST", "/api/auctions", sale, token)).body, "id");
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(method: string, path: string, body?: object, token?: string): Promise<Answer> {
  const headers = {
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: response.status, body: await response.json() };
}

function readText(body: unknown, name: string): string {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
  if (typeof value !== "string" && typeof value !== "number") throw new TypeError(`the answer has no ${name}`);
  return String(value);
}
