import { systemClock } from "@hutong/server/plugin";
import { StartError } from "../config.ts";
import { examine } from "../operations/doctor.ts";
import { defineStrictCommand } from "./strict-command.ts";

/** `hutong doctor`: does what clients do at a public address. Ends with 1 when something is to be mended. */
export const doctorCommand = defineStrictCommand({
  meta: { name: "doctor", description: "Find the usual mistakes in front of a chat, and say how to mend them." },
  args: { address: { type: "positional", required: true, description: "Where people reach it: https://example.com" } },
  async run({ args: { address } }) {
    console.log(`Looking at ${address}; a silent connection is watched for a minute.`);
    const findings = await examine(address, { clock: systemClock }).catch((error: unknown) => {
      if (error instanceof TypeError) throw new StartError(`${error.message}.`, { cause: error });
      throw error;
    });
    for (const finding of findings) {
      console.log(`${finding.check}: ${finding.kind}`);
      if (finding.kind === "failed") console.log(`  ${finding.problem}\n  ${finding.remedy}`);
    }
    if (findings.some(({ kind }) => kind === "failed")) process.exitCode = 1;
  },
});
