import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { ChatError } from "../../src/api/chat-error.ts";
import { addPeople } from "../support/people.ts";
import { openFileBench } from "./support/file-bench.ts";
import { canvas } from "./support/pictures.ts";
import { enter, group, show } from "./support/shown-files.ts";

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof ChatError ? error.code : String(error);
}

describe.each(testEngines())("references on $name", (engine) => {
  test("a message shows files of its sender, each once", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada"]);
    const id = await group(bench.database, "g", ["ada"]);
    const file = await bench.uploaded("ada", "x");

    await show(bench.database, id, { from: "ada", fileIds: [file.id, file.id] });

    expect(await bench.database.read.selectFrom("file_references").selectAll().execute()).toEqual([
      { file_id: file.id, conversation_id: "g", seq: 1 },
    ]);
  });

  test("a file that is not there, or not for the sender to read, is not found", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada", "eve"]);
    const id = await group(bench.database, "g", ["eve"]);
    const [own, others] = [await bench.uploaded("eve", "mine"), await bench.uploaded("ada", "x")];

    expect(await refusal(show(bench.database, id, { from: "eve", fileIds: ["nothing"] }))).toBe("not_found");
    expect(await refusal(show(bench.database, id, { from: "eve", fileIds: [own.id, others.id] }))).toBe("not_found");
    expect(await bench.database.read.selectFrom("file_references").selectAll().execute()).toEqual([]);
  });

  test("a forward takes along what its sender can see, for those who see the forward", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada", "bo", "cy"]);
    const [from, to] = [
      await group(bench.database, "g", ["ada", "bo"]),
      await group(bench.database, "h", ["bo", "cy"]),
    ];
    const file = await bench.uploaded("ada", "x");
    await show(bench.database, from, { from: "ada", fileIds: [file.id] });

    await show(bench.database, to, { from: "bo", fileIds: [file.id] });

    expect((await bench.get(file.id, { userId: "cy" })).status).toBe(200);
    await enter(bench.database, to, "dee");
    expect((await bench.get(file.id, { userId: "dee" })).status).toBe(404);
  });

  test("anybody's profile picture can be passed on", async () => {
    await using bench = await openFileBench(engine);
    await addPeople(bench.database, ["ada", "bo"]);
    const id = await group(bench.database, "g", ["bo"]);
    const file = await bench.uploaded("ada", await canvas(20, 20).png().toBuffer(), { purpose: "profile" });

    expect(await show(bench.database, id, { from: "bo", fileIds: [file.id] })).toBe(1);
  });
});
