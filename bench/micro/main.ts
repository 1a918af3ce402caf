import { readOptions } from "../../tools/program-options.ts";
import { codecBenches } from "./codec.bench.ts";
import { measureAll } from "./measure.ts";
import { ruleBenches } from "./rules.bench.ts";
import { createServerBenches } from "./server.bench.ts";

readOptions(
  "npm run bench:micro\n\nTimes the stages of a message one by one, so that a regression names its stage. It has no options.",
  {},
);

const TIME_MS = 500;
const benches = [...codecBenches, ...ruleBenches, ...(await createServerBenches())];

for (const { name, nanoseconds, marginPercent } of await measureAll(benches, TIME_MS)) {
  console.log(`${name.padEnd(42)} ${nanoseconds.toFixed(0).padStart(8)} ns  ± ${marginPercent.toFixed(1)} %`);
}
process.exit(0);
