import { readRepository } from "./budgets/files.ts";
import { formatMeasures, measureRepository } from "./budgets/repository.ts";

/** The folder may be given as the first argument; it is the current one otherwise. */
const measures = measureRepository(readRepository(process.argv[2] ?? "."));

console.log(formatMeasures(measures));
process.exitCode = measures.every(({ violations }) => violations.length === 0) ? 0 : 1;
