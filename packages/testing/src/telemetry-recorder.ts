import type { Telemetry, TelemetryEvent } from "@hutong/server";

/** Keeps what a server reports of itself, in order. */
export class TelemetryRecorder {
  readonly events: TelemetryEvent[] = [];
  /** To be given to the server. */
  readonly telemetry: Telemetry = (event) => void this.events.push(event);

  /** The events of one kind, in order. */
  of<TKind extends TelemetryEvent["kind"]>(kind: TKind): readonly Extract<TelemetryEvent, { kind: TKind }>[] {
    const isOfKind = (event: TelemetryEvent): event is Extract<TelemetryEvent, { kind: TKind }> => event.kind === kind;
    return this.events.filter(isOfKind);
  }
}
