// The program as `npm run auction` starts it, with bidders who have paid. It ends when its standard input does.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@hutong/server/plugin";
import { startAuction } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { planAuction } from "../src/http.ts";

const BIDDERS = 50;
const HOUR_MS = 3_600_000;

const folder = await mkdtemp(join(tmpdir(), "hutong-auction-bench-"));
const config = readConfig({ ...process.env, PORT: "0", HUTONG_DATA_DIR: folder });
const program = await startAuction(config);
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
console.log(JSON.stringify({ port: program.port, auctionId, bidders }));
process.stdin.resume().once("end", () => {
  void program.close().then(() => rm(folder, { recursive: true }));
});
