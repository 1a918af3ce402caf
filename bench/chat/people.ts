import type { Session } from "@hutong/chat-api";

/** Accounts of a bench, and how their API is called. */
export class People {
  readonly #url: string;
  #count = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Makes an account that everyone may write to and be friends with. */
  async register(username: string): Promise<Session> {
    const body = {
      username,
      password: "correct horse battery",
      device: { key: `device-of-${username}`, platform: "other", name: "bench" },
    };
    // Each from an address of its own: signing up is limited by address.
    const headers = { "x-forwarded-for": `10.0.${this.#count >> 8}.${this.#count++ & 255}` };
    const session = (await this.#request("POST", "/accounts", { body, headers })) as Session; // the answer of register
    await this.#request("PUT", "/me/settings", {
      session,
      body: { addMe: "anyone", strangers: { visitor: null, user: null } },
    });
    return session;
  }

  /** Makes two people friends. */
  async befriend(session: Session, userId: string): Promise<void> {
    await this.#request("POST", "/friend-requests", { session, body: { userId } });
  }

  /** The conversation of two people. */
  async openDirect(session: Session, userId: string): Promise<string> {
    return idOf(await this.#request("POST", "/conversations/direct", { session, body: { userId } }));
  }

  /** A group of friends. */
  async makeGroup(session: Session, userIds: readonly string[]): Promise<string> {
    return idOf(await this.#request("POST", "/groups", { session, body: { userIds, title: "bench" } }));
  }

  async #request(
    method: string,
    path: string,
    request: { readonly session?: Session; readonly body: object; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<unknown> {
    const { session, body, headers } = request;
    const response = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: {
        ...headers,
        "content-type": "application/json",
        ...(session && { authorization: `Bearer ${session.accessToken}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}

function idOf(answer: unknown): string {
  // Both actions answer with a conversation.
  return (answer as { conversation: { id: string } }).conversation.id;
}
