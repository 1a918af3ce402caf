import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Server } from "../server.ts";
import { LongPollEndpoint } from "./long-poll-endpoint.ts";
import { actionCableAt, type MountPlan, phoenixAt, toNodeMount } from "./node-mount.ts";
import { PathPattern } from "./path-pattern.ts";
import { ignoreErrors } from "./refuse-upgrade.ts";
import { WebSocketEndpoint } from "./web-socket-endpoint.ts";

/** Where clients connect when nothing else is said: Phoenix at `/socket`, Action Cable at `/cable`. */
export const DEFAULT_MOUNTS: readonly MountPlan[] = [phoenixAt("/socket"), actionCableAt("/cable")];

interface Route {
  readonly pattern: PathPattern;
  readonly webSocket: WebSocketEndpoint | undefined;
  readonly longPoll: LongPollEndpoint | undefined;
}

/** The mounts of a server, to be put into an HTTP server of your own. `listen` does that for you. */
export class Endpoint {
  readonly #routes: readonly Route[];

  /** While `isOverloaded` says so, handshakes are refused with 503. @defaultValue never */
  constructor(server: Server, mounts: readonly MountPlan[] = DEFAULT_MOUNTS, isOverloaded = (): boolean => false) {
    this.#routes = mounts.flatMap((plan) => {
      const mount = toNodeMount(server, plan, isOverloaded);
      const webSocket: Route = {
        pattern: new PathPattern(plan.webSocketPath),
        webSocket: new WebSocketEndpoint(mount),
        longPoll: undefined,
      };
      if (plan.longPollPath === undefined) return [webSocket];
      return [
        webSocket,
        { pattern: new PathPattern(plan.longPollPath), webSocket: undefined, longPoll: new LongPollEndpoint(mount) },
      ];
    });
  }

  /** Takes an upgrade request. `false` when its path is none of ours; the socket is then untouched. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const found = this.#find(request);
    if (found?.route.webSocket === undefined) return false;
    ignoreErrors(socket);
    found.route.webSocket.upgrade(request, socket, head, found.variables);
    return true;
  }

  /** Takes an ordinary request. `false` when its path is none of ours; the response is then untouched. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const found = this.#find(request);
    if (found === undefined) return false;
    const { webSocket, longPoll } = found.route;
    if (longPoll !== undefined) void longPoll.answer(request, response, found.variables);
    else if (webSocket !== undefined) void answerPlain(webSocket, request, response, found.variables);
    return true;
  }

  #find(
    request: IncomingMessage,
  ): { readonly route: Route; readonly variables: ReadonlyMap<string, string> } | undefined {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    for (const route of this.#routes) {
      const variables = route.pattern.match(path);
      if (variables !== undefined) return { route, variables };
    }
    return undefined;
  }
}

async function answerPlain(
  endpoint: WebSocketEndpoint,
  request: IncomingMessage,
  response: ServerResponse,
  variables: ReadonlyMap<string, string>,
): Promise<void> {
  const { status, body, retryAfterSeconds } = await endpoint.answerPlain(request, variables);
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", retryAfterSeconds);
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(body);
}
