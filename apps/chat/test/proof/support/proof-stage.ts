import type { ActionInput, ActionName, ActionOutput, Session } from "@hutong/chat-api";
import type { TemporaryDatabase, TestEngine } from "@hutong/database/testing";
import type { Clock } from "@hutong/server/plugin";
import { ApiClient } from "../../support/api-client.ts";
import { type StartedChat, startTestChat } from "../../support/started-chat.ts";
import { MIGRATIONS } from "../../../src/storage/migrations.ts";

/** Somebody with an account, on one device. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly session: Session;
  /** Calls an action over HTTP; rejects with the reason when it is refused. */
  call<TName extends ActionName>(name: TName, input: ActionInput<TName>): Promise<ActionOutput<TName>>;
}

/** The longest that a machine with other work to do may take for a proof, in milliseconds. */
export const PROOF_LIMIT_MS = 120_000;

const PASSWORD = "correct horse battery";

/** Makes accounts over HTTP, each from an address of its own: the rates of signing up are of another proof. */
export class People {
  readonly #url: string;
  #count = 0;

  /** The chat at `url` trusts loopback to say where calls come from. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Makes a user who takes messages and friends of everyone. */
  async user(username: string): Promise<Person> {
    const session = await this.#open("register", { username, password: PASSWORD, device: deviceOf(username) });
    const person = this.on(this.#url, { username, session });
    await person.call("update_settings", { addMe: "anyone", strangers: { visitor: null, user: null } });
    return person;
  }

  /** Makes a visitor, which is faster than a user. */
  async visitor(nickname: string): Promise<Person> {
    const session = await this.#open("visit", { nickname, device: deviceOf(nickname) });
    return this.on(this.#url, { username: nickname, session });
  }

  /** Signs a user in on another device. */
  async again({ username }: Person, device: string): Promise<Person> {
    const session = await this.#open("sign_in", { username, password: PASSWORD, device: deviceOf(device) });
    return this.on(this.#url, { username, session });
  }

  /** The same person as a client of another server. */
  on(url: string, { username, session }: Pick<Person, "username" | "session">): Person {
    const api = new ApiClient(url, session);
    return { id: session.me.id, username, session, call: (name, input) => api.call(name, input) };
  }

  async #open<TName extends "register" | "sign_in" | "visit">(name: TName, input: ActionInput<TName>) {
    const headers = { "x-forwarded-for": `10.0.${this.#count >> 8}.${this.#count++ & 255}` };
    const { status, body } = await new ApiClient(this.#url).send(name, input, headers);
    if (status !== 200) throw new Error(`${name} was refused: ${JSON.stringify(body)}`);
    return body as Session; // the answer of these three actions
  }
}

/** A chat on a database of its own, with people. */
export interface ProofStage extends AsyncDisposable {
  readonly started: StartedChat;
  readonly url: string;
  readonly people: People;
}

/** Starts a chat on an engine; accounts may be signed in on any number of devices. */
export async function startStage(engine: TestEngine, clock?: Clock): Promise<ProofStage> {
  const database: TemporaryDatabase = await engine.create(MIGRATIONS);
  const overrides = { databaseUrl: database.url, trustedProxies: ["127.0.0.1"], loginPolicy: "all" } as const;
  const started = await startTestChat(overrides, clock === undefined ? {} : { clock });
  return {
    started,
    url: started.chat.url,
    people: new People(started.chat.url),
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Makes friends of a user and others who take everyone. */
export async function befriend(person: Person, others: readonly Person[]): Promise<void> {
  for (const { id } of others) await person.call("request_friend", { userId: id });
}

/** Makes a group of a user and others, who become its friends. */
export async function makeGroup(owner: Person, others: readonly Person[]): Promise<string> {
  await befriend(owner, others);
  const userIds = others.map(({ id }) => id);
  const { conversation } = await owner.call("create_group", { userIds, title: "proof" });
  return conversation.id;
}

/** The content of a text. */
export function text(words: string) {
  return { type: "text" as const, body: { text: words } };
}

function deviceOf(name: string) {
  return { key: `device-of-${name}`, platform: "web" as const, name: "proof" };
}
