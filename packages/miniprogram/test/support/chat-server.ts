import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";

/** A room on loopback: it sends every text back to all, and remembers the headers of its guests. */
export class ChatServer implements AsyncDisposable {
  readonly headers: IncomingHttpHeaders[] = [];
  readonly requests: {
    readonly method: string;
    readonly url: string;
    readonly body: string;
    readonly headers: IncomingHttpHeaders;
  }[] = [];
  readonly guests = new Set<WebSocket>();
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        this.requests.push({ method, url, body: Buffer.concat(chunks).toString(), headers });
        if (url === "/redirect-inside") {
          response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
          return;
        }
        response.writeHead(url === "/missing" ? 404 : 200, { "Content-Type": "application/json", "Set-Cookie": "a=1" });
        response.end(JSON.stringify({ path: url }));
      });
    });
    this.#webSockets = new WebSocketServer({ server: this.#server });
    this.#webSockets.on("connection", (webSocket, request) => {
      this.headers.push(request.headers);
      this.guests.add(webSocket);
      webSocket.on("close", () => this.guests.delete(webSocket));
      webSocket.on("message", (data) => {
        const { content } = JSON.parse((data as Buffer).toString()) as { content: string };
        for (const guest of this.guests) {
          guest.send(JSON.stringify({ content, text: true, type: guest === webSocket ? "user" : "remote" }));
        }
      });
    });
  }

  static async start(): Promise<ChatServer> {
    const server = new ChatServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** Address, without a path. */
  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const guest of this.guests) guest.terminate();
    this.#webSockets.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
