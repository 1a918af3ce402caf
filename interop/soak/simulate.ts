import { simulate } from "@hutong/testing";
import { readOptions } from "../../tools/program-options.ts";
import { SimulatedHutongClient } from "./simulated-hutong-client.ts";

const values = readOptions(
  `npm run soak -- [options]

Runs our client against our server in one process, on a fake clock, over links that break, once per seed.`,
  {
    seed: { type: "string", isNumber: true, about: "runs this one alone, and shows what happens" },
    seeds: { type: "string", default: "10000", isNumber: true, about: "how many" },
    first: { type: "string", default: "1", isNumber: true, about: "the first of them" },
  },
);
const createClient = (seat: ConstructorParameters<typeof SimulatedHutongClient>[0]): SimulatedHutongClient =>
  new SimulatedHutongClient(seat);

async function replay(seed: number): Promise<void> {
  const lines: string[] = [];
  const { violation, ...figures } = await simulate({ seed, createClient, trace: (line) => lines.push(line) });
  console.log(lines.join("\n"));
  console.log(`seed ${seed}: ${violation ?? "no violation"}; ${JSON.stringify(figures)}`);
  if (violation !== undefined) process.exitCode = 1;
}

async function runAll(first: number, count: number): Promise<void> {
  const startedAt = performance.now();
  let [failed, kept, delivered, resets] = [0, 0, 0, 0];
  for (let seed = first; seed < first + count; seed++) {
    const result = await simulate({ seed, createClient });
    kept += result.kept;
    delivered += result.delivered;
    resets += result.resets;
    if (result.violation === undefined) continue;
    failed++;
    console.log(`seed ${seed}: ${result.violation}\n  replay with: npm run soak -- --seed ${seed}`);
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(
    `simulate: ${count} seeds, ${failed} with a violation; ${kept} messages kept, ${delivered} delivered, ${resets} resets; ${seconds} s`,
  );
  if (failed > 0) process.exitCode = 1;
}

if (values.seed === undefined) await runAll(Number(values.first), Number(values.seeds));
else await replay(Number(values.seed));
