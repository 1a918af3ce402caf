import type { ClientMessage, ServerMessage, WireProtocol } from "@hutong/protocol";
import type { ConnectionInfo } from "./channel/channel.ts";
import type { ChannelHost } from "./channel/channel-host.ts";
import { ChannelTable } from "./channel/channel-table.ts";
import type { ChannelPeer } from "./channel/channel-voice.ts";
import type { Router } from "./channel/router.ts";
import type { ConnectionAdmission } from "./connect.ts";
import type { Connection } from "./connection/connection.ts";
import type { EncodedFrame } from "./encoded-frame.ts";
import type { KeyedBuckets } from "./limits/keyed-buckets.ts";
import { TokenBucket } from "./limits/token-bucket.ts";

/** What the clients of a server share. */
export interface ClientHost {
  readonly host: ChannelHost;
  readonly router: Router;
  /** Messages of the connections of one id. */
  readonly userBuckets: KeyedBuckets;
}

const NO_ASSIGNS: ConnectionInfo["assigns"] = Object.freeze({});

/** A client as the server holds it: its connection on one side, its channels on the other. */
export class Client implements ChannelPeer {
  readonly connection: Connection;
  /** Names the token that let the client in. */
  readonly tokenId: string | undefined;
  readonly info: ConnectionInfo;
  readonly channels: ChannelTable;
  readonly #shared: ClientHost;
  readonly #joinBucket: TokenBucket;

  constructor(connection: Connection, admission: ConnectionAdmission, shared: ClientHost) {
    this.connection = connection;
    this.tokenId = admission.tokenId;
    this.info = {
      id: connection.id,
      socketId: admission.id,
      assigns: admission.assigns === undefined ? NO_ASSIGNS : { ...admission.assigns },
      transport: connection.transportName,
      wireProtocol: connection.wireProtocol.name,
    };
    this.#shared = shared;
    this.#joinBucket = new TokenBucket(connection.rates.joins, shared.host.clock.now());
    this.channels = new ChannelTable(shared.host, shared.router, this, connection.limits.maxChannels);
  }

  get wireProtocol(): WireProtocol {
    return this.connection.wireProtocol;
  }

  /** How long the client has to wait before it may send this message; 0 when it may now, which is then counted. */
  waitFor({ kind }: ClientMessage): number {
    const { socketId } = this.info;
    // Most clients have no id and join seldom: they are spared the look at the clock.
    if (socketId === undefined && kind !== "join") return 0;
    const nowMs = this.#shared.host.clock.now();
    const userWaitMs = socketId === undefined ? 0 : this.#shared.userBuckets.take(socketId, nowMs);
    return kind === "join" && userWaitMs === 0 ? this.#joinBucket.take(nowMs) : userWaitMs;
  }

  send(message: ServerMessage): void {
    this.connection.send(message);
  }

  sendFrame(frame: EncodedFrame): void {
    this.connection.sendFrame(frame);
  }

  get hasRoom(): boolean {
    return this.connection.hasRoom;
  }

  drained(): Promise<void> {
    return this.connection.drained();
  }

  closeAsSlow(): void {
    this.connection.close("slow_consumer");
  }
}
