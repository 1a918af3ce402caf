import type { InspectorSnapshot } from "@hutong/chat-api";
import type { Server, Telemetry } from "@hutong/server";
import type { EventLoopLag } from "../operations/event-loop-lag.ts";
import { Activity } from "./activity.ts";
import { takeSnapshot } from "./snapshot.ts";
import { Trace } from "./trace.ts";

/** Traces that may run at a time: each reads every frame of its connection. */
const MAX_TRACES = 10;

/** A trace that runs. */
export interface RunningTrace {
  readonly trace: Trace;
  /** Lets go of the connection. */
  readonly stop: () => void;
}

/** Looks into a running server: snapshots of everything, and the frames of single connections. */
export class Inspector {
  readonly #activity: Activity;
  readonly #traces = new Map<string, RunningTrace>();
  #source: { readonly server: Server; readonly lag: EventLoopLag } | undefined;

  /** `now` dates the troubles. */
  constructor(now: () => number) {
    this.#activity = new Activity(now);
  }

  /** To be called with the server's events. */
  readonly telemetry: Telemetry = (event) => {
    this.#activity.telemetry(event);
    if (event.kind === "connection_closed") this.#traces.get(event.connectionId)?.trace.end("closed");
  };

  /** Names the server that is looked into. Called once, before anything is asked. */
  watch(server: Server, lag: EventLoopLag): void {
    this.#source = { server, lag };
  }

  /** See {@link takeSnapshot}. */
  snapshot(search: string): InspectorSnapshot {
    return takeSnapshot({ ...this.#watched(), activity: this.#activity }, search);
  }

  /** Begins to trace a connection; an older trace of it ends. `undefined` when it is gone or too many are traced. */
  trace(connectionId: string): RunningTrace | undefined {
    const { server } = this.#watched();
    this.#traces.get(connectionId)?.stop();
    if (this.#traces.size >= MAX_TRACES) return undefined;
    const wireProtocol = wireProtocolOf(server, connectionId);
    if (wireProtocol === undefined) return undefined;
    const trace = new Trace(server.clock, wireProtocol);
    const untap = server.trace(connectionId, (direction, frame) => trace.add(direction, frame));
    const running: RunningTrace = {
      trace,
      stop: () => {
        untap?.();
        trace.end("left");
        if (this.#traces.get(connectionId) === running) this.#traces.delete(connectionId);
      },
    };
    this.#traces.set(connectionId, running);
    return running;
  }

  /** Connections that are being traced. */
  get traceCount(): number {
    return this.#traces.size;
  }

  #watched(): { readonly server: Server; readonly lag: EventLoopLag } {
    if (this.#source === undefined) throw new TypeError("the inspector was asked before it was given a server");
    return this.#source;
  }
}

function wireProtocolOf(server: Server, connectionId: string): string | undefined {
  for (const { id, wireProtocol } of server.connections()) if (id === connectionId) return wireProtocol;
  return undefined;
}
