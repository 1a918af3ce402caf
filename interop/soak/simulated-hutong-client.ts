import {
  type Channel,
  ChannelError,
  createSocket,
  durableOutbox,
  type Socket,
  type TransportFactory,
} from "@hutong/client";
import type { PushOutcome, SimulatedClient, SimulatedPush, SimulatedSeat } from "@hutong/testing";

/** Our client in a simulation, over links that exist only there. */
export class SimulatedHutongClient implements SimulatedClient {
  readonly #seat: SimulatedSeat;
  readonly #socket: Socket;
  readonly #channels = new Map<string, Channel>();

  constructor(seat: SimulatedSeat) {
    this.#seat = seat;
    this.#socket = createSocket("ws://simulated.invalid/socket", {
      clock: seat.clock,
      random: seat.random,
      transports: [transportOf(seat)],
      outbox: durableOutbox(),
      heartbeatIntervalMs: 5_000,
      heartbeatTimeoutMs: 2_000,
    });
    this.#socket.connect();
  }

  join(topic: string): void {
    const channel = this.#socket.channel(topic, {}, { snapshot: () => this.#seat.load(topic) });
    this.#channels.set(topic, channel);
    channel.on("said", (payload) => this.#seat.delivered(topic, payload));
    channel.join().catch(() => {}); // refused, or too late: the channel goes on by itself
  }

  leave(topic: string): void {
    void this.#channels.get(topic)?.leave();
    this.#channels.delete(topic);
  }

  async push(topic: string, { id, event, payload, isDurable }: SimulatedPush): Promise<PushOutcome> {
    try {
      await this.#channels.get(topic)?.push(event, payload, isDurable ? { durable: true, id } : {});
      return "accepted";
    } catch (error) {
      return error instanceof ChannelError && error.code === "push_refused" ? "refused" : "unknown";
    }
  }

  close(): void {
    void this.#socket.close();
  }
}

function transportOf(seat: SimulatedSeat): TransportFactory {
  return {
    name: "simulated",
    open: (_request, handlers) => {
      const link = seat.dial({
        opened: () => handlers.opened(),
        received: (frame) => handlers.received(frame),
        closed: (code) => handlers.closed({ code, reason: "" }),
      });
      return {
        needsHeartbeat: true,
        send: (frame) => link.clientSend(frame),
        close: (code) => link.clientClose(code),
      };
    },
  };
}
