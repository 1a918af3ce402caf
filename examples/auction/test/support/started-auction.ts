import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@hutong/server/plugin";
import { type AuctionProgram, startAuction } from "../../src/app.ts";
import type { AuctionPlan } from "../../src/auction-house.ts";

/** A person with a token. */
export interface SignedIn {
  readonly id: string;
  readonly token: string;
}

/** The program on a free port and an empty database, gone after the test. */
export interface StartedAuction extends AsyncDisposable {
  readonly program: AuctionProgram;
  readonly url: string;
  /** Makes somebody who has paid the deposit. */
  enter(name: string): Promise<SignedIn>;
  /** Opens an auction of a new seller. */
  open(plan?: Partial<AuctionPlan>): Promise<number>;
}

/** Starts the program; `clock` is the machine's unless the test brings one. */
export async function startedAuction(clock?: Clock): Promise<StartedAuction> {
  const dataFolder = await mkdtemp(join(tmpdir(), "hutong-auction-"));
  const databaseUrl = `sqlite:${join(dataFolder, "auction.db")}`;
  const config = { host: "127.0.0.1", port: 0, dataFolder, databaseUrl };
  const program = await startAuction(config, clock && { clock });
  const { house, tokens } = program;
  const now = clock?.now() ?? Date.now();
  return {
    program,
    url: program.url,
    enter: async (name) => {
      const { id } = await house.register(name);
      await house.payDeposit(id);
      return { id, token: await tokens.issue(id) };
    },
    open: async (plan = {}) => {
      const { id } = await house.register("Seller");
      return program.open(id, planOf(now, plan));
    },
    async [Symbol.asyncDispose]() {
      await program.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A lantern from 100.00 in steps of 5.00, for ten minutes; a bid in the last 30 s moves the end to 30 s from then, for 30 minutes at most. */
export function planOf(startAt: number, plan: Partial<AuctionPlan> = {}): AuctionPlan {
  return {
    title: "A lantern",
    currency: "CNY",
    startPrice: 10_000,
    step: 500,
    reserve: 20_000,
    startAt,
    endAt: startAt + 600_000,
    snipeMs: 30_000,
    extendMs: 30_000,
    hardEndAt: startAt + 2_400_000,
    ...plan,
  };
}
