import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "@hutong/server";
import { Endpoint, phoenixAt } from "@hutong/server/node";
import { Inbox } from "./inbox.ts";

/** A Phoenix mount at `/socket` in an HTTP server that tells which requests came and went. */
export interface ObservedServer extends AsyncDisposable {
  readonly url: string;
  /** The method of each request, when it has been given to the mount. */
  readonly arrived: Inbox<string>;
  /** The method of each request whose client has gone before its answer. */
  readonly abandoned: Inbox<string>;
}

/** Starts an {@link ObservedServer} on a free port. */
export async function startObservedServer(): Promise<ObservedServer> {
  const server = createServer({ channels: [] });
  await server.start();
  const endpoint = new Endpoint(server, [phoenixAt("/socket")]);
  const arrived = new Inbox<string>();
  const abandoned = new Inbox<string>();
  const http = createHttpServer((request, response) => {
    endpoint.handleRequest(request, response);
    arrived.add(request.method ?? "");
    response.on("close", () => {
      if (!response.writableEnded || response.socket?.destroyed === true) abandoned.add(request.method ?? "");
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo; // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    arrived,
    abandoned,
    async [Symbol.asyncDispose]() {
      await server.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
