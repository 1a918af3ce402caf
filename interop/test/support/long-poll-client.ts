/** What a long-poll request is answered with. */
export interface LongPollAnswer {
  readonly status: number;
  readonly token?: string;
  readonly messages?: readonly string[];
}

/** How a client introduces itself. */
export interface LongPollOptions {
  /** Query beside the token, without the question mark. @defaultValue `"vsn=2.0.0"` */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A raw long-poll client. It sends what it is told, and polls when it is told. */
export class LongPollClient {
  readonly #url: string;
  readonly #query: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #frames: unknown[] = [];
  #token: string | undefined;

  /** `url` is the mount's, for example `http://127.0.0.1:4100/socket`. */
  constructor(url: string, options: LongPollOptions = {}) {
    this.#url = `${url}/longpoll`;
    this.#query = options.query ?? "vsn=2.0.0";
    this.#headers = options.headers ?? {};
  }

  /** The session's token; throws before there is one. */
  get token(): string {
    if (this.#token === undefined) throw new Error("there is no session yet");
    return this.#token;
  }

  /** The address of the next request. */
  get address(): string {
    const token = this.#token === undefined ? "" : `&token=${encodeURIComponent(this.#token)}`;
    return `${this.#url}?${this.#query}${token}`;
  }

  /** One GET. The first creates the session. */
  async poll(): Promise<LongPollAnswer> {
    const answer = toAnswer(await (await fetch(this.address, { headers: this.#headers })).json());
    this.#token = answer.token ?? this.#token;
    return answer;
  }

  /** One POST with text frames as lines. */
  post(...values: readonly unknown[]): Promise<LongPollAnswer> {
    return this.postBody(values.map((value) => JSON.stringify(value)).join("\n"), "application/x-ndjson");
  }

  /** One POST with a body of its own. */
  async postBody(body: string, contentType: string): Promise<LongPollAnswer> {
    const headers = { ...this.#headers, "content-type": contentType };
    return toAnswer(await (await fetch(this.address, { method: "POST", headers, body })).json());
  }

  /** The next frame as a JSON value; polls until one is there. */
  async next(): Promise<unknown> {
    while (this.#frames.length === 0) {
      const { status, messages = [] } = await this.poll();
      if (status !== 200) throw new Error(`a poll for a frame was answered with ${status}`);
      for (const text of messages) this.#frames.push(JSON.parse(text));
    }
    return this.#frames.shift();
  }

  /** The next frames, in order. */
  async take(count: number): Promise<unknown[]> {
    const frames: unknown[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }
}

/** Opens a session. */
export async function openSession(url: string, options?: LongPollOptions): Promise<LongPollClient> {
  const client = new LongPollClient(url, options);
  const { status } = await client.poll();
  if (status !== 410) throw new Error(`a new session was answered with ${status}, expected 410`);
  return client;
}

function toAnswer(body: unknown): LongPollAnswer {
  if (typeof body !== "object" || body === null || !("status" in body) || typeof body.status !== "number") {
    throw new TypeError(`a long-poll answer has no status: ${JSON.stringify(body)}`);
  }
  return body as LongPollAnswer; // the status is checked; a test compares the rest
}
