import { FakeClock } from "@hutong/testing";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SOCKET_ID } from "./model/loopback-network.ts";
import { PageModel } from "./model/page-model.ts";
import { RoomServer } from "./model/room-server.ts";

/** Longer than every wait of client and server together, in milliseconds: a dead link, attempts, joins. */
const QUIET_MS = 180_000;

/** What a machine may need that is busy with other suites, in milliseconds. */
const LIMIT_MS = 60_000;

/** Longer than a close may take, in milliseconds. */
const CLOSE_MS = 2_500;

const ALWAYS = ["join", "push", "drop", "network down", "network up"] as const;

/** What belongs together comes together. */
const GROUPS = [
  ["refuse joins", "allow joins"],
  ["hang joins", "answer joins"],
  ["slow handlers", "quick handlers"],
  ["freeze", "thaw"],
  ["page offline", "page online"],
  ["close", "reload"],
  ["kick", "reload"],
  ["leave", "turn"],
  ["crash", "turn"],
  ["end", "turn"],
  ["join briefly"],
  ["publish"],
  ["move on"],
  ["token expired"],
  ["reconnect now"],
  ["quiet"],
] as const;

type Named = (typeof ALWAYS)[number] | (typeof GROUPS)[number][number];
type Step = Named | number;

/** A wait, in milliseconds. */
const wait = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 90_000 }));

/** Each run knows a few groups only: among all steps, a certain few would rarely follow each other. */
const steps: fc.Arbitrary<readonly Step[]> = fc.subarray([...GROUPS], { minLength: 1, maxLength: 4 }).chain((groups) =>
  fc.array(fc.oneof(fc.constantFrom<Step[]>(...ALWAYS, ...groups.flat()), wait), {
    maxLength: 40,
    size: "max",
  }),
);

/** A server, and one page after the other. */
class World {
  readonly clock = new FakeClock();
  readonly room = new RoomServer(this.clock);
  page = new PageModel(this.room, this.clock);
  #pushes = 0;

  async run(action: Step): Promise<void> {
    if (typeof action === "number") await this.clock.advance(action);
    else if (action === "turn") await this.clock.settle();
    else if (action === "quiet") await this.quiet();
    else if (this.#tellServer(action) === "unknown") this.page.freezer.run(() => this.#tellPage(action));
    this.page.check();
  }

  /** Ends what stands in the way and waits until everything has come to rest. */
  async quiet(): Promise<void> {
    this.page.thaw();
    this.page.tell({ online: true });
    this.page.network.isUp = true;
    await this.clock.advance(QUIET_MS);
    this.page.checkQuiet();
    if (this.room.refuses || this.room.hangs) return;
    // Whoever was refused is let in now.
    this.page.joinRefused();
    await this.clock.advance(QUIET_MS);
    this.page.checkQuiet();
  }

  /** Closes the page's socket in the middle of whatever goes on, and then the server. */
  async end(): Promise<void> {
    this.page.freezer.thaw();
    this.page.freezer.run(() => this.page.close());
    await this.clock.advance(CLOSE_MS);
    this.page.checkClosed();
    await this.room.server.close();
    await this.clock.advance(QUIET_MS);
  }

  #tellServer(action: Named): "done" | "unknown" {
    const { page, room } = this;
    if (action === "publish") room.publish();
    else if (action === "drop") page.network.drop();
    else if (action === "network down") this.#cutNetwork();
    else if (action === "network up") page.network.isUp = true;
    else if (action === "refuse joins") this.#refuseJoins();
    else if (action === "allow joins") room.refuses = false;
    else if (action === "hang joins") room.hangs = true;
    else if (action === "answer joins") room.hangs = false;
    else if (action === "slow handlers") room.isSlow = true;
    else if (action === "quick handlers") room.isSlow = false;
    else if (action === "freeze") page.freezer.freeze();
    else if (action === "thaw") page.thaw();
    else if (action === "page offline") page.tell({ online: false });
    else if (action === "page online") page.tell({ online: true });
    else if (action === "move on") room.server.disconnect(SOCKET_ID);
    else if (action === "token expired") page.network.drop(4002);
    else if (action === "kick") room.server.disconnect(SOCKET_ID, { reconnect: false });
    else if (action === "reload") this.#reload();
    else return "unknown";
    return "done";
  }

  #tellPage(action: Named): void {
    const { page } = this;
    if (action === "join") page.join();
    else if (action === "join briefly") page.joinBriefly();
    else if (action === "push") page.push((this.#pushes += 1));
    else if (action === "crash" || action === "end") page.ask(action);
    else if (action === "leave") page.leave();
    else if (action === "close") page.close();
    else if (action === "reconnect now" && !page.isSocketOver) page.socket.reconnectNow();
  }

  #cutNetwork(): void {
    this.page.network.isUp = false;
    this.page.network.drop();
  }

  #refuseJoins(): void {
    this.room.refuses = true;
    this.page.noteRefusals();
  }

  #reload(): void {
    this.page.freezer.kill();
    this.page.network.drop();
    this.page = new PageModel(this.room, this.clock);
  }
}

test(
  "whatever a page, its link and its server do, the channel ends up as the model says, and no promise stays open",
  { timeout: LIMIT_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (actions, comesToRest) => {
        const world = new World();
        await world.room.server.start();

        for (const action of actions) await world.run(action);
        if (comesToRest) await world.quiet();
        await world.end();

        expect(world.clock.timerCount).toBe(0);
      }),
      { numRuns: 120, seed: 20_261_120 },
    );
  },
);
