import { type ClientMessage, type Frame, phoenix, actionCable, type WireProtocol } from "@hutong/protocol";
import { FakeClock, ScriptedTransport, type ScriptedTransportOptions, TelemetryRecorder } from "@hutong/testing";
import { Connection, type ConnectionSettings } from "../../src/connection/connection.ts";
import { connectionRates } from "../../src/limits/connection-rates.ts";
import { WriteCycle } from "../../src/connection/write-cycle.ts";
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS, resolveLimits } from "../../src/options.ts";

/** What connections of one mount share, and what came of them. */
export class Owner {
  readonly clock = new FakeClock();
  readonly recorder = new TelemetryRecorder();
  readonly cycle = new WriteCycle(this.clock);
  readonly messages: ClientMessage[] = [];
  /** Messages that came too fast, each with its wait. */
  readonly limited: (readonly [ClientMessage, number])[] = [];
  /** Recoverable frames that were left out. */
  readonly overtaken: Frame[] = [];
  readonly closed: Connection[] = [];
  readonly settings: ConnectionSettings;

  constructor(given: ConnectionLimits = {}) {
    const limits = resolveLimits(given, DEFAULT_CONNECTION_LIMITS);
    this.settings = {
      owner: {
        message: (_connection, message) => this.messages.push(message),
        limited: (_connection, message, retryAfterMs) => this.limited.push([message, retryAfterMs]),
        overtaken: (_connection, frames) => this.overtaken.push(...frames.map(({ frame }) => frame)),
        closed: (connection) => this.closed.push(connection),
      },
      limits,
      rates: connectionRates(limits),
      cycle: this.cycle,
      clock: this.clock,
      telemetry: this.recorder.telemetry,
    };
  }

  connect(
    wireProtocol: WireProtocol,
    options: ScriptedTransportOptions = {},
  ): { readonly connection: Connection; readonly transport: ScriptedTransport } {
    const transport = new ScriptedTransport(options);
    const connection = new Connection("c1", transport, wireProtocol, this.settings);
    return { connection, transport };
  }
}

function negotiated(vsn: string | undefined, grammar: typeof phoenix): WireProtocol {
  const negotiation = grammar.negotiate({ vsn, subprotocols: [] });
  if (negotiation.kind === "disagreed") throw new TypeError(negotiation.reason);
  return negotiation.wireProtocol;
}

export const PHOENIX = negotiated("2.0.0", phoenix);
export const HUTONG = negotiated("2.0.0+hutong.1", phoenix);
export const CABLE = negotiated(undefined, actionCable);
