import { phoenix } from "@hutong/protocol";
import { accept, createServer, crash, defineChannel, refuse, reply, type Server } from "@hutong/server";
import type { Clock, Mount } from "@hutong/server/plugin";
import { z } from "zod";

/** The topic that the server serves. */
export const TOPIC = "room:a";
/** How long a slow handler takes, in milliseconds. */
const SLOW_MS = 3_000;

/** A real server with one channel that does what the test says. */
export class RoomServer {
  readonly server: Server;
  readonly mount: Mount;
  /** Whether joins are refused. */
  refuses = false;
  /** Whether joins hang until the server gives up on them. */
  hangs = false;
  /** Whether a handler takes its time. */
  isSlow = false;
  /** The numbers that pushes brought, in the order in which they were handled. */
  readonly handled: number[] = [];
  /** How many channels are joined. */
  members = 0;
  #published = 0;

  constructor(clock: Clock) {
    const room = defineChannel("room:*", {
      receives: { say: { payload: z.object({ number: z.number() }) }, crash: {}, end: {} },
      history: {},
      join: () => this.#judge(),
      joined: () => void (this.members += 1),
      terminate: () => void (this.members -= 1),
      handle: {
        say: async ({ number }) => {
          if (this.isSlow) await new Promise<void>((resolve) => void clock.after(SLOW_MS, resolve));
          this.handled.push(number);
          return reply({ number });
        },
        crash: () => crash("as asked"),
        end: (_payload, channel) => channel.stop(),
      },
    });
    this.server = createServer({ channels: [room], clock });
    this.mount = this.server.mount({ grammar: phoenix, path: "/socket" });
  }

  publish(): void {
    this.#published += 1;
    this.server.broadcast(TOPIC, "said", { number: this.#published });
  }

  #judge() {
    if (this.hangs) return new Promise<never>(() => undefined);
    return this.refuses ? refuse("full") : accept();
  }
}
