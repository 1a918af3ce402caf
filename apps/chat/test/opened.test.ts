import { describe, expect, test } from "vitest";
import { Opened } from "../src/opened.ts";

describe("what was opened", () => {
  test("is closed once, the last one first", async () => {
    const closed: string[] = [];
    const opened = new Opened();
    for (const name of ["database", "services", "listener"])
      opened.add({ close: () => Promise.resolve().then(() => void closed.push(name)) });

    await Promise.all([opened.close(), opened.close()]);

    expect(closed).toEqual(["listener", "services", "database"]);
  });

  test("is closed also behind something that cannot be closed", async () => {
    let isClosed = false;
    const opened = new Opened();
    opened.add({ close: () => void (isClosed = true) });
    opened.add({ close: () => Promise.reject(new Error("it clings")) });

    await expect(opened.close()).rejects.toThrow("it clings");

    expect(isClosed).toBe(true);
  });
});
