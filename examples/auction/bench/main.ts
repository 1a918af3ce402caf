import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem } from "node:os";
import { readOptions } from "../../../tools/program-options.ts";
import { insertFigures, report } from "./report.ts";
import { measure } from "./round.ts";

const PAGE = new URL("../../../docs/explanation/auctions.md", import.meta.url);
const { quick: isQuick } = readOptions(
  `node --conditions=source --import tsx examples/auction/bench/main.ts [options]

How long a bidder waits for the answer while a thousand people watch. The server is a process of its own; spectators and
bidders are in this one, and their reading is part of the time. Writes what it found into the page of the auction.`,
  { quick: { type: "boolean", default: false, about: "asks for less, and writes nothing" } },
);

const spectatorCount = isQuick ? 100 : 1_000;
const bidsPerSecond = 50;
const size = { spectatorCount, bidsPerSecond, warmUpBids: isQuick ? 50 : 250, bids: isQuick ? 100 : 1_500 };
const loadOf = (): string => (loadavg()[0] ?? 0).toFixed(2);

const before = loadOf();
const control = await measure({ isControl: true, ...size });
const auction = await measure({ isControl: false, ...size });

const database = process.env["HUTONG_DATABASE_URL"] === undefined ? "SQLite" : "PostgreSQL";
const lines = report(auction, control, {
  day: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${process.platform} ${release().split(/[-+]/, 1)[0] ?? ""}, Node ${process.version}, ${database}`,
  load: `${before} and ${loadOf()}`,
  spectatorCount,
  bidsPerSecond,
});
console.log(lines.join("\n"));
if (!isQuick) await writeFile(PAGE, insertFigures(await readFile(PAGE, "utf8"), lines));
