import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { queryOf, type RefusedHandshake, shakeHands } from "./handshake.ts";
import { LongPollTransport } from "./long-poll-transport.ts";
import type { NodeMount } from "./node-mount.ts";
import { isOriginAllowed } from "./origin.ts";
import { readBody } from "./read-body.ts";

const LINES_TYPE = "application/x-ndjson";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The long-poll side of one mount: sessions by token (LP clauses). Answers are HTTP 200; the status is in the body. */
export class LongPollEndpoint {
  readonly #mount: NodeMount;
  readonly #sessions = new Map<string, LongPollTransport>();

  constructor(mount: NodeMount) {
    this.#mount = mount;
  }

  /** Answers a request. Never rejects. */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    variables: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (request.method === "OPTIONS") return allowCrossOrigin(request, response);
    if (request.method !== "GET" && request.method !== "POST") return void response.writeHead(400).end();
    if (!this.#isOriginAllowed(request))
      return this.#refuse(response, { why: "origin", status: 403, cause: undefined });
    const token = tokenOf(request);
    const session = token === undefined ? undefined : this.#sessions.get(token);
    if (request.method === "POST")
      return session === undefined ? send(response, { status: 410 }) : this.#take(request, response, session);
    if (session === undefined || token === undefined) return this.#create(request, response, variables);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    send(response, { ...(await session.poll(gone.signal)), token });
  }

  async #create(
    request: IncomingMessage,
    response: ServerResponse,
    variables: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { server, runtime, longPollLimits } = this.#mount;
    const handshake = await shakeHands({ mount: this.#mount, transport: "longpoll", request, variables });
    if (handshake.kind === "refused") return this.#refuse(response, handshake);
    const token = randomBytes(24).toString("base64url");
    const transport = new LongPollTransport(server.clock, longPollLimits.windowMs, () => this.#sessions.delete(token));
    this.#sessions.set(token, transport);
    server.open(runtime, transport, handshake.wireProtocol, handshake.admission);
    send(response, { messages: [], status: 410, token });
  }

  #isOriginAllowed({ headers }: IncomingMessage): boolean {
    try {
      return isOriginAllowed(this.#mount.origins, headers.origin, headers.host);
    } catch {
      return false; // a policy of the application that throws allows nothing
    }
  }

  /**
   * A poll knows two refusals: 500 when something failed, 403 for all else (LP: connect refused). After 403 clients
   * stay away; who only came too often is answered by HTTP itself, and tries again.
   */
  #refuse(
    response: ServerResponse,
    refused: Pick<RefusedHandshake, "why" | "status" | "cause" | "retryAfterSeconds">,
  ): void {
    const { why, status, cause, retryAfterSeconds } = refused;
    const detail = cause === undefined ? {} : { cause };
    this.#mount.server.telemetry({ kind: "connection_refused", path: this.#mount.path, why, status, ...detail });
    if (retryAfterSeconds === undefined) return send(response, { status: status === 500 ? 500 : 403 });
    const headers = { "retry-after": String(retryAfterSeconds), "access-control-allow-origin": "*" };
    response.writeHead(status, headers).end();
  }

  async #take(request: IncomingMessage, response: ServerResponse, session: LongPollTransport): Promise<void> {
    const body = await readBody(request, this.#mount.longPollLimits.maxBodyBytes);
    if (body === undefined) {
      session.reportMalformed("the body of a POST is larger than the limit, or broke off");
      return void response.writeHead(413, { connection: "close" }).end();
    }
    const { maxFrameBytes } = this.#mount.runtime.limits;
    const frames = framesOf(body, request.headers["content-type"], this.#mount.longPollLimits.maxBatchFrames);
    for (const frame of frames) {
      if (Buffer.byteLength(frame) > maxFrameBytes) session.close(1009, "too_big");
      if (!session.receive(frame)) return send(response, { status: 410 });
    }
    send(response, { status: 200 });
  }
}

/** The newest clients send the token in a header, which wins over the query (LP: token). */
function tokenOf(request: IncomingMessage): string | undefined {
  const header = request.headers["x-phoenix-longpoll-token"];
  if (typeof header === "string") return header;
  const token = queryOf(request)?.["token"];
  return typeof token === "string" ? token : undefined;
}

function framesOf(body: string, contentType: string | undefined, maxFrames: number): readonly (string | Uint8Array)[] {
  if (contentType !== LINES_TYPE) return [body];
  const lines = body.split("\n", maxFrames).map((line) => line.trim());
  return lines.filter((line) => line !== "").map((line) => (BASE64.test(line) ? Buffer.from(line, "base64") : line));
}

function send(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "",
    "access-control-allow-methods": "get, post, options",
    "access-control-max-age": "3600",
  });
  response.end();
}
