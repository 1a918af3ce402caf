import { testEngines } from "@hutong/database/testing";
import { expect, test } from "vitest";
import { crashRun, isFaultless } from "../soak/chat-crash-run.ts";

/** Starts of the chat on a busy machine included. */
const LIMIT_MS = 180_000;

test.each(testEngines())(
  "proof 1, on $name: a server that is killed while clients send stores each message once, without a hole",
  { timeout: LIMIT_MS },
  async (engine) => {
    await using database = await engine.create();

    const verdict = await crashRun({ databaseUrl: database.url, sends: 500, kills: 2 });

    expect(verdict).toMatchObject({ missing: 0, doubled: 0, misplaced: 0, isDense: true, strayed: 0 });
    expect(isFaultless(verdict)).toBe(true);
    // Otherwise no kill met a message on its way.
    expect(verdict.retried).toBeGreaterThan(0);
  },
);
