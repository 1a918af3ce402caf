import { systemClock } from "@hutong/server/plugin";
import { startAuction } from "./src/app.ts";
import { readConfig } from "./src/config.ts";
import { planAuction } from "./src/http.ts";

const DEMO_MS = 10 * 60_000;

const program = await startAuction(readConfig(process.env), { failed: (error) => console.error(error) });
if ((await program.house.newestId()) === undefined) {
  const { id } = await program.house.register("Hutong");
  const sale = { title: "A red lantern of silk 红绸灯笼", startPrice: 10_000, step: 500, reserve: 20_000 };
  const now = systemClock.now();
  await program.open(id, planAuction(sale, now, now + DEMO_MS));
}
console.log(`The auction is at ${program.url}`);

const stop = (): void => {
  // A second signal finds no handler and ends the process at once.
  process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
  void program.drain().then(() => process.exit(0));
};
process.on("SIGINT", stop).on("SIGTERM", stop);
