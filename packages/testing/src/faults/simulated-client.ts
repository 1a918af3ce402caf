import type { StreamPosition } from "@hutong/protocol";
import type { Clock } from "@hutong/server/plugin";
import type { LinkHandlers, SimulatedLink } from "./simulated-link.ts";

/** What became of a push, as far as its client can tell. */
export type PushOutcome = "accepted" | "refused" | "unknown";

/** A push as the application makes it. */
export interface SimulatedPush {
  /** Unique in the run. */
  readonly id: string;
  /** What it is called. */
  readonly event: string;
  /** What it carries. */
  readonly payload: object;
  /** Whether it is tried again, under one push id, until it is answered. */
  readonly isDurable: boolean;
}

/** A client with its application, as a simulation drives it. No method throws. */
export interface SimulatedClient {
  /** Joins a topic, and stays joined whatever happens to the link. */
  join(topic: string): void;
  /** Leaves the topic. Nothing of it MUST be delivered from now on. */
  leave(topic: string): void;
  /** Pushes on a topic that was joined. Resolves when nothing more will be heard of it. */
  push(topic: string, push: SimulatedPush): Promise<PushOutcome>;
  /** Ends the client for good. */
  close(): void;
}

/** What a simulation gives a client. */
export interface SimulatedSeat {
  /** Names the client in reports. */
  readonly name: string;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Begins to connect. No handler is called before it has returned. */
  dial(handlers: LinkHandlers): Pick<SimulatedLink, "clientSend" | "clientClose">;
  /** Loads what the topic shows; resolves with the position that it stands at. May reject. */
  load(topic: string): Promise<StreamPosition>;
  /** Takes down that a message came which does not follow on the one before, by the rule of arrivals. One node never sends such. */
  broke?(topic: string, arrival: "gap" | "reset"): void;
  /** Takes down that the application was given a message. */
  delivered(topic: string, payload: unknown): void;
}

/** Makes the client of a seat. */
export type SimulatedClientFactory = (seat: SimulatedSeat) => SimulatedClient;
