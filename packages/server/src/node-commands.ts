import type { CloseName } from "@hutong/protocol";
import type { Subscriber } from "./channel/subscriber.ts";
import type { ClientTable } from "./client-table.ts";
import type { TokenWatch } from "./connection/token-watch.ts";
import { type Claim, type HandOver, readClaim, readHandOver } from "./presence/hand-over.ts";
import type { Broadcast } from "./pubsub/envelope.ts";
import { CONTROL_TOPIC, type PubSub } from "./pubsub/pubsub.ts";

/** Takes over, and lets go of, presence that another node speaks of. */
export interface PresenceReceiver {
  /** Holds the entries that a node leaves behind. */
  adopt(handOver: HandOver): void;
  /** Lets go of an entry that has found its client. */
  release(claim: Claim): void;
}

/** Parts of {@link NodeCommands}. */
export interface NodeCommandsOptions {
  readonly pubsub: PubSub<Subscriber>;
  /** Of this node. */
  readonly clients: ClientTable;
  /** Of this node. */
  readonly tokens: TokenWatch;
}

/**
 * What the nodes of a cluster ask of each other, over the control topic: to close connections, to refuse a token, and to
 * look after the presence of a node that goes away. The first two are carried out here, too.
 */
export class NodeCommands {
  readonly #options: NodeCommandsOptions;

  constructor(options: NodeCommandsOptions) {
    this.#options = options;
  }

  /** Closes the connections with this id, here and on all other nodes. */
  disconnect(socketId: string, close: CloseName): void {
    this.#options.clients.close(socketId, close);
    this.#publish("disconnect", { socketId, close });
  }

  /** Closes the connections of this token, here and on all other nodes. */
  revoke(tokenId: string): void {
    this.#options.tokens.revoke(tokenId);
    this.#publish("revoke", { tokenId });
  }

  /** Leaves presence to the other nodes. */
  handOver(payload: HandOver): void {
    this.#publish("hand_over", payload);
  }

  /** Tells the other nodes that an entry has found its client here. */
  claim(payload: Claim): void {
    this.#publish("claim", payload);
  }

  /** Does what another node asks for; what cannot be read is left. */
  receive({ event, payload }: Broadcast, presence: PresenceReceiver): void {
    if (event === "hand_over") {
      const handOver = readHandOver(payload);
      if (handOver !== undefined) presence.adopt(handOver);
    } else if (event === "claim") {
      const claim = readClaim(payload);
      if (claim !== undefined) presence.release(claim);
    } else if (typeof payload !== "object" || payload === null) {
      return;
    } else if (event === "revoke" && "tokenId" in payload && typeof payload.tokenId === "string") {
      this.#options.tokens.revoke(payload.tokenId);
    } else if (event === "disconnect" && "socketId" in payload && typeof payload.socketId === "string") {
      const isForGood = "close" in payload && payload.close === "kicked";
      this.#options.clients.close(payload.socketId, isForGood ? "kicked" : "going_away");
    }
  }

  #publish(event: string, payload: unknown): void {
    this.#options.pubsub.publish({ topic: CONTROL_TOPIC, event, payload });
  }
}
