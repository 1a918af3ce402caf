import { readOptions } from "../../tools/program-options.ts";
import { runFaults } from "./faults-run.ts";
import { anycableClient, hutongClient } from "./soak-clients.ts";

const values = readOptions(
  `npm run soak:faults -- [options]

Cuts, stalls, half-open links and killed servers, with publishing going on. Nothing may be missing, come twice or out
of order, and clients load anew only where the server lost its history.`,
  {
    seconds: { type: "string", default: "120", isNumber: true, about: "how long it runs" },
    clients: { type: "string", default: "200", isNumber: true, about: "how many" },
    topics: { type: "string", default: "20", isNumber: true, about: "how many" },
    seed: { type: "string", default: "1", isNumber: true, about: "of the faults" },
    kind: { type: "string", default: "hutong", words: ["hutong", "anycable"], about: "whose client" },
  },
);
const isAnycable = values.kind === "anycable";
const result = await runFaults({
  createClient: isAnycable ? anycableClient : hutongClient,
  clients: Number(values.clients),
  topics: Number(values.topics),
  durationMs: Number(values.seconds) * 1_000,
  // Three times in a short run.
  restartEveryMs: Math.min(20_000, (Number(values.seconds) * 1_000) / 4),
  messagesPerSecond: 100,
  seed: Number(values.seed),
  settleMs: isAnycable ? 12_000 : 2_000,
});
const { kept, delivered, missing, duplicates, reordered, resets, explainedResets, faults, restarts } = result;
console.log(
  `faults (${values.kind}): ${faults} faults, ${restarts} restarts; ${kept} kept, ${delivered} delivered, ${missing} missing, ${duplicates} duplicate, ${reordered} reordered; ${resets} resets of ${explainedResets} explained`,
);
if (result.violation !== undefined) console.log(result.violation);
// The client of AnyCable learns a new epoch from its first message only: cut before that, it is told once more.
const mayReset = isAnycable ? 2 * explainedResets : explainedResets;
process.exit(result.violation === undefined && resets <= mayReset ? 0 : 1);
