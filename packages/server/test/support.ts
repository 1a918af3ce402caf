import { type ChannelDefinition, createServer, type Server, type ServerOptions } from "@hutong/server";
import {
  connectLoopback,
  FakeClock,
  type LoopbackOptions,
  type PhoenixClient,
  TelemetryRecorder,
} from "@hutong/testing";

/** A running server without I/O, its clock in the test's hands. */
export interface Bench extends AsyncDisposable {
  readonly server: Server;
  readonly clock: FakeClock;
  readonly recorder: TelemetryRecorder;
  /** A Phoenix V2 client. */
  connect(options?: LoopbackOptions): PhoenixClient;
}

export type BenchOptions = Omit<ServerOptions, "clock" | "telemetry" | "channels">;

export async function startBench(channels: readonly ChannelDefinition[], options: BenchOptions = {}): Promise<Bench> {
  const clock = new FakeClock();
  const recorder = new TelemetryRecorder();
  // Times that are random in production fall on the first moment of their range.
  const server = createServer({ random: () => 0, ...options, channels, clock, telemetry: recorder.telemetry });
  await server.start();
  return {
    server,
    clock,
    recorder,
    connect: (connectOptions) => connectLoopback(server, connectOptions),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** A promise that the test settles. */
export interface Gate<T = void> {
  readonly opened: Promise<T>;
  open(value: T): void;
  fail(cause: unknown): void;
}

export function createGate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {};
  let fail: (cause: unknown) => void = () => {};
  const opened = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open, fail };
}
