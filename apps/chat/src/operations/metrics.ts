import { memoryUsage } from "node:process";
import type { Server, Telemetry, TelemetryEvent } from "@hutong/server";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { EventLoopLag } from "./event-loop-lag.ts";

/** Upper bounds of the histograms' buckets, in seconds. */
const HANDLER_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const DRAIN_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60];

/** Delays further back than this are for the samples of earlier scrapes. */
const LAG_SECONDS = 15;

/**
 * The numbers behind `/metrics`. Labels take their values from fixed lists of the server, never from what a client
 * or a topic is called, so that the number of series has a bound.
 *
 * Gauges, read when they are asked for:
 * `hutong_connections{transport,wire_protocol}`, `hutong_channels`, `hutong_topics`, `hutong_subscriptions`,
 * `hutong_queued_bytes`, `hutong_event_loop_lag_seconds`, `hutong_memory_bytes{kind}`.
 *
 * Counters: `hutong_connections_opened_total{transport,wire_protocol}`, `hutong_connections_closed_total{close}`,
 * `hutong_connections_refused_total{why}`, `hutong_joins_total{result}`, `hutong_channels_ended_total`,
 * `hutong_messages_total{result}`, `hutong_broadcasts_total`, `hutong_deliveries_total`,
 * `hutong_frames_total{direction}`, `hutong_frame_bytes_total{direction}`, `hutong_frames_left_out_total{delivery}`,
 * `hutong_malformed_frames_total`, `hutong_broker_failures_total`.
 *
 * Histograms: `hutong_handler_duration_seconds`, `hutong_join_duration_seconds`, `hutong_drain_duration_seconds`.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #opened = this.#counter("connections_opened", "Connections that were let in.", "transport", "wire_protocol");
  readonly #closed = this.#counter(
    "connections_closed",
    "Connections that are gone, by who or what ended them.",
    "close",
  );
  readonly #refused = this.#counter("connections_refused", "Connections that were not let in.", "why");
  readonly #joins = this.#counter("joins", "Joins that were answered.", "result");
  readonly #ended = this.#counter("channels_ended", "Joined channels that ended.");
  readonly #messages = this.#counter("messages", "Pushes of clients, by what became of them.", "result");
  readonly #broadcasts = this.#counter("broadcasts", "Broadcasts that were fanned out on this node.");
  readonly #deliveries = this.#counter("deliveries", "Channels of this node that broadcasts were meant for.");
  readonly #leftOut = this.#counter("frames_left_out", "Frames that slow clients were not given in time.", "delivery");
  readonly #malformed = this.#counter("malformed_frames", "Frames outside their grammar.");
  readonly #brokerFailures = this.#counter(
    "broker_failures",
    "Broadcasts that the broker or the history did not take.",
  );
  readonly #handling = this.#histogram("handler_duration", "Time from a push's turn to the end of its handler.");
  readonly #joining = this.#histogram("join_duration", "Time from a join to its channel taking messages.");
  readonly #draining = this.#histogram("drain_duration", "Time that the drain took.", DRAIN_SECONDS);

  /** To be given to the server, or called with its events. */
  readonly telemetry: Telemetry = (event) => this.#count(event);

  /** Adds the gauges of a server. Called once. */
  watch(server: Server, lag: EventLoopLag): void {
    this.#gaugeConnections(server);
    this.#gauge("channels", "Channels that are joined or being joined.", () => server.stats().channels);
    this.#gauge("topics", "Topics with a subscriber on this node.", () => server.stats().topics);
    this.#gauge("subscriptions", "Subscribers, counted once per topic.", () => server.stats().subscriptions);
    const help = `The worst delay of the event loop in the last ${LAG_SECONDS} seconds.`;
    this.#gauge("event_loop_lag_seconds", help, () => lag.worstMs(LAG_SECONDS) / 1_000);
    this.#gaugeMemory();
    this.#countTraffic(server);
  }

  /** The text that Prometheus reads. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** The media type of {@link Metrics.text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  #count(event: TelemetryEvent): void {
    switch (event.kind) {
      case "connection_opened":
        return this.#opened.inc({ transport: event.transport, wire_protocol: event.wireProtocol });
      case "connection_closed":
        return this.#closed.inc({ close: event.close ?? closerOf(event.code) });
      case "connection_refused":
        return this.#refused.inc({ why: event.why });
      case "channel_joined":
        this.#joining.observe(event.durationMs / 1_000);
        return this.#joins.inc({ result: "joined" });
      case "join_refused":
        return this.#joins.inc({ result: "refused" });
      case "join_failed":
        return this.#joins.inc({ result: "failed" });
      case "channel_ended":
        return this.#ended.inc();
      case "live_frames_dropped":
        return this.#leftOut.inc({ delivery: "live" }, event.count);
      case "connection_lagging":
        return this.#leftOut.inc({ delivery: "recoverable" }, event.count);
      case "malformed_frame":
        return this.#malformed.inc();
      case "broker_failed":
        return this.#brokerFailures.inc();
      case "drain_finished":
        return this.#draining.observe(event.durationMs / 1_000);
      default:
        return this.#countMessage(event);
    }
  }

  #countMessage(event: TelemetryEvent): void {
    switch (event.kind) {
      case "message_handled":
        this.#handling.observe(event.durationMs / 1_000);
        return this.#messages.inc({ result: event.result });
      case "message_refused":
        return this.#messages.inc({ result: event.code });
      case "handler_failed":
        return this.#messages.inc({ result: "failed" });
      case "broadcast_dispatched":
        this.#broadcasts.inc();
        return this.#deliveries.inc(event.subscriberCount);
      default:
        return undefined;
    }
  }

  #counter(name: string, help: string, ...labelNames: readonly string[]): Counter {
    return new Counter({
      name: `hutong_${name}_total`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    });
  }

  #histogram(name: string, help: string, buckets: readonly number[] = HANDLER_SECONDS): Histogram {
    const registers = [this.#registry];
    return new Histogram({ name: `hutong_${name}_seconds`, help, buckets: [...buckets], registers });
  }

  #gauge(name: string, help: string, read: () => number): void {
    const collect = (): void => gauge.set(read());
    const gauge: Gauge = new Gauge({ name: `hutong_${name}`, help, registers: [this.#registry], collect });
  }

  /** One pass over the connections for two gauges: there may be a hundred thousand of them. */
  #gaugeConnections(server: Server): void {
    const registers = [this.#registry];
    const queued = new Gauge({ name: "hutong_queued_bytes", help: "Bytes that wait for clients.", registers });
    const collect = (): void => {
      const counts = new Map<string, ConnectionCount>();
      let queuedBytes = 0;
      for (const { transport, wireProtocol, bufferedAmount } of server.connections()) {
        queuedBytes += bufferedAmount;
        const key = `${transport} ${wireProtocol}`;
        const count = counts.get(key)?.count ?? 0;
        counts.set(key, { labels: { transport, wire_protocol: wireProtocol }, count: count + 1 });
      }
      queued.set(queuedBytes);
      gauge.reset();
      for (const { labels, count } of counts.values()) gauge.set(labels, count);
    };
    const labelNames = ["transport", "wire_protocol"];
    const gauge: Gauge = new Gauge({
      name: "hutong_connections",
      help: "Open connections.",
      labelNames,
      registers,
      collect,
    });
  }

  #gaugeMemory(): void {
    const collect = (): void => {
      const { rss, heapTotal, heapUsed, external } = memoryUsage();
      const kinds = { resident: rss, heap_total: heapTotal, heap_used: heapUsed, external };
      for (const [kind, bytes] of Object.entries(kinds)) gauge.set({ kind }, bytes);
    };
    const gauge: Gauge = new Gauge({
      name: "hutong_memory_bytes",
      help: "Memory of the process.",
      labelNames: ["kind"],
      registers: [this.#registry],
      collect,
    });
  }

  /** The server keeps these counts; a counter of the library only ever goes up, so it is set anew. */
  #countTraffic(server: Server): void {
    const counters = [
      { name: "frames", help: "Frames that went over links.", of: ["framesIn", "framesOut"] },
      { name: "frame_bytes", help: "Bytes of frames; a character counts as one.", of: ["bytesIn", "bytesOut"] },
    ] as const;
    for (const { name, help, of } of counters) {
      const collect = (): void => {
        const traffic = server.traffic();
        counter.reset();
        counter.inc({ direction: "in" }, traffic[of[0]]);
        counter.inc({ direction: "out" }, traffic[of[1]]);
      };
      const registers = [this.#registry];
      const labelNames = ["direction"];
      const counter: Counter = new Counter({ name: `hutong_${name}_total`, help, labelNames, registers, collect });
    }
  }
}

interface ConnectionCount {
  readonly labels: { readonly transport: string; readonly wire_protocol: string };
  readonly count: number;
}

/** Who ended a connection that the server did not end. */
function closerOf(code: number): "client" | "link" {
  return code === 1006 ? "link" : "client";
}
