import { writeFile } from "node:fs/promises";
import { openDatabase } from "@hutong/database";
import { type ArgsDef, type CommandDef, runCommand } from "citty";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exportCommand } from "../../src/cli/export-command.ts";
import { migrateCommand } from "../../src/cli/migrate-command.ts";
import { defineStrictCommand } from "../../src/cli/strict-command.ts";
import { tokenCommand } from "../../src/cli/token-command.ts";
import { userCommand } from "../../src/cli/user-command.ts";
import type { Tables } from "../../src/storage/tables.ts";
import { addPerson } from "../support/people.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

let folder: TemporaryFolder;
/** What was printed. */
let lines: unknown[];

beforeEach(async () => {
  folder = await createTemporaryFolder();
  lines = [];
  vi.stubEnv("HUTONG_DATA_DIR", folder.at("data"));
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(line));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await folder[Symbol.asyncDispose]();
});

function run<TArgs extends ArgsDef>(command: CommandDef<TArgs>, ...rawArgs: string[]): Promise<{ result: unknown }> {
  return runCommand(command, { rawArgs });
}

async function addAda(nickname: string): Promise<void> {
  await run(migrateCommand);
  await using database = await openDatabase<Tables>(`sqlite:${folder.at("data/chat.db")}`);
  await addPerson(database, "ada_l");
  await database.write((transaction) => transaction.updateTable("users").set({ nickname }).execute());
  lines = [];
}

describe("a command", () => {
  test.each([
    ["-x", "There is no option -x; see --help."],
    ["-dry", "There is no option -dry; see --help."],
    ["--dry", "There is no option --dry; see --help."],
    ["--dry=yes", "There is no option --dry; see --help."],
    ["--no-dry", "There is no option --dry; see --help."],
    ["word", '"word" is one word too many; see --help.'],
  ])("refuses %s, which it does not know", async (given, message) => {
    let hasRun = false;
    const command = defineStrictCommand({ run: () => void (hasRun = true) });

    await expect(run(command, given)).rejects.toThrow(message);

    expect(hasRun).toBe(false);
  });

  test("takes its own options, and words with dashes behind two of them", async () => {
    let told: unknown;
    const command = defineStrictCommand({
      args: { who: { type: "positional", required: true }, check: { type: "boolean" }, why: { type: "string" } },
      run: ({ args: { who, check, why } }) => void (told = [who, check, why]),
    });

    await run(command, "--no-check", "--why=-x", "--", "-who");

    expect(told).toEqual(["-who", false, "-x"]);
  });
});

describe("commands for accounts", () => {
  test.each([
    ["user list", () => run(userCommand, "list")],
    ["export", () => run(exportCommand, "ada_l", folder.at("out"))],
  ])("%s says that a database is not the chat's yet", async (_name, work) => {
    await expect(work()).rejects.toThrow(
      "The database has not got the schema of this version; run `migrate`, or set HUTONG_DATA_DIR or HUTONG_DATABASE_URL to the chat's.",
    );
  });

  test("list them without what steers a terminal", async () => {
    await addAda("\u001b[2JAda\tL\n");

    await run(userCommand, "list");

    expect(lines).toEqual([expect.stringContaining("\tada_l\t\\u001b[2JAda\\u0009L\\u000a\t")]);
  });

  test("an account is not made with a nickname that the API would refuse", async () => {
    await run(migrateCommand);

    const added = run(userCommand, "add", "grace_h", "--nickname", "x".repeat(31));

    await expect(added).rejects.toThrow("The nickname does not fit.");
  });

  test("an export names the account that it does not find, and makes no folder", async () => {
    await addAda("Ada");

    await expect(run(exportCommand, "nobody", folder.at("out"))).rejects.toThrow(
      'There is no account "nobody"; `user list` shows all.',
    );
    await run(exportCommand, "ada_l", folder.at("out"));

    expect(lines).toEqual([`0 conversations, 0 messages and 0 files are in ${folder.at("out")}`]);
  });

  test("an export says where it cannot write", async () => {
    await addAda("Ada");
    await writeFile(folder.at("taken"), "");

    const exported = run(exportCommand, "ada_l", folder.at("taken"));

    await expect(exported).rejects.toThrow(`${folder.at("taken")} cannot be used (EEXIST); name another folder.`);
  });
});

test("a token may be as short-lived as a program can write, and its rooms may be called what topics are", async () => {
  await run(tokenCommand, "--name", "Ada", "--hours", "1e-9", "--room", "room:den, cellar");

  const [, claims = ""] = String(lines[0]).split(".");
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ rooms: ["den", "cellar"] });
});
