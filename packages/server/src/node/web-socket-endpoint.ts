import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { CloseName } from "@hutong/protocol";
import { type PerMessageDeflateOptions, type Server as Upgrader, WebSocketServer } from "ws";
import type { MountRequest } from "./connect-request.ts";
import { type Handshake, type RefusedHandshake, shakeHands } from "./handshake.ts";
import type { NodeMount } from "./node-mount.ts";
import { refuseUpgrade, type UpgradeRefusal } from "./refuse-upgrade.ts";
import { CarriedWebSocket, WebSocketTransport } from "./web-socket-transport.ts";

/** `ws` inflates what clients send. What we send is compressed here, so its own threshold is out of reach. */
const NO_TAKEOVER: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  threshold: Number.MAX_SAFE_INTEGER,
  // Every inflater holds a buffer of this size; the default is four times as large.
  zlibInflateOptions: { chunkSize: 4_096 },
};

/** What Node gives with an upgrade. */
interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** The first bytes of the upgraded stream. */
  readonly head: Buffer;
}

/** Turns the upgrade requests of one mount into connections. */
export class WebSocketEndpoint {
  readonly #mount: NodeMount;
  readonly #plain: Upgrader<typeof CarriedWebSocket>;
  /** For clients that are to have compression; `undefined` where the mount has none. */
  readonly #compressing: Upgrader<typeof CarriedWebSocket> | undefined;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();

  constructor(mount: NodeMount) {
    this.#mount = mount;
    this.#plain = this.#createUpgrader(false);
    if (mount.compression !== undefined) this.#compressing = this.#createUpgrader(NO_TAKEOVER);
  }

  /** Answers an upgrade request: within the call, unless the `connect` handler takes time. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, variables: ReadonlyMap<string, string>): void {
    const handshake = shakeHands(this.#request(request, variables));
    const upgraded = { request, socket, head };
    if (handshake instanceof Promise) void handshake.then((late) => this.#answer(late, upgraded));
    else this.#answer(handshake, upgraded);
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

  #answer(handshake: Handshake, { request, socket, head }: UpgradeRequest): void {
    if (socket.destroyed) return;
    if (handshake.subprotocol !== undefined) this.#subprotocols.set(request, handshake.subprotocol);
    if (handshake.kind === "refused" && handshake.wireProtocol?.traits.refusal !== "after_upgrade") {
      this.#report(handshake, handshake.status);
      refuseUpgrade(socket, handshake);
    } else if (request.headers["sec-websocket-version"] !== "13") {
      this.#refuseMalformed(socket, { status: 400, body: "this address speaks version 13 of WebSocket" });
    } else {
      const upgrader = handshake.kind === "admitted" ? this.#upgraderFor(request) : this.#plain;
      upgrader.handleUpgrade(request, socket, head, (webSocket) => {
        if (handshake.kind === "admitted") this.#open(webSocket, socket, handshake);
        else this.#turnAway(webSocket, handshake);
      });
    }
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
    server.open(runtime, new WebSocketTransport(webSocket, socket, this.#mount), wireProtocol, admission);
  }

  #createUpgrader(perMessageDeflate: PerMessageDeflateOptions | false): Upgrader<typeof CarriedWebSocket> {
    const { maxFrameBytes, closeTimeoutMs } = this.#mount.runtime.limits;
    const options = {
      noServer: true,
      WebSocket: CarriedWebSocket,
      clientTracking: false,
      perMessageDeflate,
      // Of a compressed message the bytes that come out count.
      maxPayload: maxFrameBytes,
      closeTimeout: closeTimeoutMs,
      // The grammar has chosen already; `ws` only echoes.
      handleProtocols: (_offered: Set<string>, request: IncomingMessage) => this.#subprotocols.get(request) ?? false,
    };
    const upgrader = new WebSocketServer(options);
    upgrader.on("wsClientError", ({ message: body }, socket) => this.#refuseMalformed(socket, { status: 400, body }));
    return upgrader;
  }

  #upgraderFor({ headers }: IncomingMessage): Upgrader<typeof CarriedWebSocket> {
    const { compression, path, server } = this.#mount;
    if (this.#compressing === undefined || !compression?.isOffered(headers["sec-websocket-extensions"]))
      return this.#plain;
    if (compression.hasRoom) return this.#compressing;
    server.telemetry({ kind: "compression_declined", path });
    return this.#plain;
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
