import { createServer, type Server, type ServerOptions, type TelemetryEvent } from "@hutong/server";
import { listen, type MountPlan } from "@hutong/server/node";
import { Inbox } from "./inbox.ts";

/** A server of one test. */
export interface SmallServer extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
  /** What the server reported of itself, in order. */
  readonly events: readonly TelemetryEvent[];
  /** The next event of a kind that nobody has taken; events of other kinds before it are skipped. */
  nextEvent(kind: TelemetryEvent["kind"]): Promise<TelemetryEvent>;
}

/** Starts a server for one test, on a free port. */
export async function startSmallServer(options: ServerOptions, mounts?: readonly MountPlan[]): Promise<SmallServer> {
  const events: TelemetryEvent[] = [];
  const inbox = new Inbox<TelemetryEvent>();
  const telemetry = (event: TelemetryEvent): void => {
    events.push(event);
    inbox.add(event);
  };
  const server = createServer({ ...options, telemetry });
  const listener = await listen(server, { port: 0, ...(mounts && { mounts }) });
  return {
    url: listener.url,
    server,
    events,
    async nextEvent(kind) {
      for (;;) {
        const event = await inbox.next(`the event ${kind}`);
        if (event.kind === kind) return event;
      }
    },
    [Symbol.asyncDispose]: () => listener.close(),
  };
}
