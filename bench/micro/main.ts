import { codecBenches } from "./codec.bench.ts";
import { measureAll } from "./measure.ts";
import { ruleBenches } from "./rules.bench.ts";
import { createServerBenches } from "./server.bench.ts";

// The stages of a message, one by one: `npm run bench:micro`. A regression names its stage.

const TIME_MS = 500;
const benches = [...codecBenches, ...ruleBenches, ...(await createServerBenches())];

for (const { name, nanoseconds, marginPercent } of await measureAll(benches, TIME_MS)) {
  console.log(`${name.padEnd(42)} ${nanoseconds.toFixed(0).padStart(8)} ns  ± ${marginPercent.toFixed(1)} %`);
}
process.exit(0);
