// The program as `npm run auction` starts it, with bidders who have paid; with `--control` the control. It ends when its
// standard input does.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@hutong/server/plugin";
import { startAuction } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { planAuction } from "../src/http.ts";
import { startControl } from "./control.ts";

const BIDDERS = 50;
const HOUR_MS = 3_600_000;

if (process.argv.includes("--control")) {
  process.stdin.resume().once("end", () => process.exit(0));
  // Bidders of the control need no tokens.
  startControl((port) => tell({ port, auctionId: 1, bidders: Array.from({ length: BIDDERS }, () => "") }));
} else await startProgram();

async function startProgram(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hutong-auction-bench-"));
  const program = await startAuction(readConfig({ ...process.env, PORT: "0", HUTONG_DATA_DIR: folder }));
  process.stdin.resume().once("end", () => {
    void program.close().then(() => rm(folder, { recursive: true }));
  });
  const { house, tokens } = program;
  const { id: seller } = await house.register("Seller");
  const now = systemClock.now();
  const sale = { title: "A lantern", startPrice: 100, step: 1, reserve: 0 };
  const auctionId = await program.open(seller, planAuction(sale, now, now + HOUR_MS));
  const bidders: string[] = [];
  while (bidders.length < BIDDERS) {
    const { id } = await house.register(`Bidder ${bidders.length}`);
    await house.payDeposit(id);
    bidders.push(await tokens.issue(id));
  }
  tell({ port: program.port, auctionId, bidders });
}

function tell(started: {
  readonly port: number;
  readonly auctionId: number;
  readonly bidders: readonly string[];
}): void {
  console.log(JSON.stringify(started));
}
