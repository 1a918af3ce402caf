import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { CloseName } from "@hutong/protocol";
import { type Server as Upgrader, WebSocketServer } from "ws";
import { type Handshake, type MountRequest, type RefusedHandshake, shakeHands } from "./handshake.ts";
import type { NodeMount } from "./node-mount.ts";
import { refuseUpgrade, type UpgradeRefusal } from "./refuse-upgrade.ts";
import { CarriedWebSocket, WebSocketTransport } from "./web-socket-transport.ts";

/** Turns the upgrade requests of one mount into connections. */
export class WebSocketEndpoint {
  readonly #mount: NodeMount;
  readonly #upgrader: Upgrader<typeof CarriedWebSocket>;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();

  constructor(mount: NodeMount) {
    this.#mount = mount;
    const { maxFrameBytes, closeTimeoutMs } = mount.runtime.limits;
    const options = {
      noServer: true,
      WebSocket: CarriedWebSocket,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
      closeTimeout: closeTimeoutMs,
      // The grammar has chosen already; `ws` only echoes.
      handleProtocols: (_offered: Set<string>, request: IncomingMessage) => this.#subprotocols.get(request) ?? false,
    };
    this.#upgrader = new WebSocketServer(options);
    this.#upgrader.on("wsClientError", ({ message: body }, socket) =>
      this.#refuseMalformed(socket, { status: 400, body }),
    );
  }

  /** Answers an upgrade request. Never rejects. */
  async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    variables: ReadonlyMap<string, string>,
  ): Promise<void> {
    const handshake = await shakeHands(this.#request(request, variables));
    if (socket.destroyed) return;
    if (handshake.subprotocol !== undefined) this.#subprotocols.set(request, handshake.subprotocol);
    if (handshake.kind === "refused" && handshake.wireProtocol?.traits.refusal !== "after_upgrade") {
      this.#report(handshake, handshake.status);
      refuseUpgrade(socket, handshake);
    } else if (request.headers["sec-websocket-version"] !== "13") {
      this.#refuseMalformed(socket, { status: 400, body: "this address speaks version 13 of WebSocket" });
    } else {
      this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
        if (handshake.kind === "admitted") this.#open(webSocket, socket, handshake);
        else this.#turnAway(webSocket, handshake);
      });
    }
  }

  /** Answers a request that asks for no upgrade, after the same checks (PHX: a plain GET runs the connect handler). */
  async answerPlain(request: IncomingMessage, variables: ReadonlyMap<string, string>): Promise<UpgradeRefusal> {
    const plain = { status: 400, body: "this address speaks WebSocket: the connection header must contain upgrade" };
    if (request.method !== "GET") return this.#reportMalformed({ status: 400, body: "" });
    const handshake = await shakeHands(this.#request(request, variables));
    if (handshake.kind === "refused" && handshake.wireProtocol?.traits.refusal !== "after_upgrade") {
      this.#report(handshake, handshake.status);
      return handshake;
    }
    return this.#reportMalformed(plain);
  }

  #request(request: IncomingMessage, variables: ReadonlyMap<string, string>): MountRequest {
    return { mount: this.#mount, transport: "websocket", request, variables };
  }

  #open(
    webSocket: CarriedWebSocket,
    socket: Duplex,
    { wireProtocol, admission }: Extract<Handshake, { kind: "admitted" }>,
  ): void {
    const { server, runtime } = this.#mount;
    server.open(runtime, new WebSocketTransport(webSocket, socket), wireProtocol, admission);
  }

  #turnAway(webSocket: CarriedWebSocket, refused: RefusedHandshake): void {
    const farewell = refused.wireProtocol?.farewell(closeNameFor(refused));
    if (farewell === undefined) return webSocket.terminate();
    this.#report(refused, farewell.code);
    webSocket.on("error", () => {}); // a client that is refused may be gone already
    if (farewell.frame !== undefined) webSocket.send(farewell.frame);
    webSocket.close(farewell.code, farewell.reason);
  }

  #refuseMalformed(socket: Duplex, refusal: UpgradeRefusal): void {
    refuseUpgrade(socket, this.#reportMalformed(refusal));
  }

  #reportMalformed(refusal: UpgradeRefusal): UpgradeRefusal {
    const { status } = refusal;
    this.#mount.server.telemetry({ kind: "connection_refused", path: this.#mount.path, why: "bad_request", status });
    return refusal;
  }

  #report({ why, cause }: RefusedHandshake, status: number): void {
    const detail = cause === undefined ? {} : { cause };
    this.#mount.server.telemetry({ kind: "connection_refused", path: this.#mount.path, why, status, ...detail });
  }
}

function closeNameFor({ why }: RefusedHandshake): CloseName {
  if (why === "connect_failed") return "internal";
  return why === "connect_timeout" ? "overloaded" : "unauthenticated";
}
