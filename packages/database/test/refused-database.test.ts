import { fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseError, migrate, type Migration, migrationState, openDatabase } from "@hutong/database";
import { SQLITE_ENGINE, testEngines } from "@hutong/database/testing";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { loadSqlite } from "../src/sqlite-module.ts";

const NOTES: readonly Migration[] = [
  {
    name: "0001_notes",
    async up(database) {
      await sql`create table notes (id text not null primary key)`.execute(database);
    },
  },
];
/** Longer than a transaction waits for its turn. */
const LOCK_LIMIT_MS = 15_000;

/** What the operator reads. */
async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(DatabaseError);
  return error instanceof DatabaseError ? error.message : "";
}

describe("a SQLite file", () => {
  interface Place extends AsyncDisposable {
    readonly path: string;
    readonly url: string;
  }

  async function emptyPlace(): Promise<Place> {
    const temporary = await SQLITE_ENGINE.create();
    return {
      url: temporary.url,
      path: temporary.url.slice("sqlite:".length),
      [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
    };
  }

  test("that another program keeps for itself is refused with a word about that program", async () => {
    await using place = await emptyPlace();
    const { DatabaseSync } = await loadSqlite();
    const holder = new DatabaseSync(place.path, { readOnly: false, timeout: 0 });
    holder.exec("create table notes (id text); BEGIN EXCLUSIVE");

    const refusal = await refusalOf(openDatabase(place.url));

    expect(refusal).toBe(
      `The database file ${place.path} cannot be used (database is locked); stop the program that holds it.`,
    );
    holder.close();
  });

  test("in which another program writes for long cannot be migrated", { timeout: LOCK_LIMIT_MS }, async () => {
    await using place = await emptyPlace();
    await using database = await openDatabase(place.url);
    const { DatabaseSync } = await loadSqlite();
    const holder = new DatabaseSync(place.path, { readOnly: false, timeout: 0 });
    holder.exec("BEGIN IMMEDIATE");

    const refusal = await refusalOf(migrate(database, NOTES));

    expect(refusal).toBe("The database could not be migrated (database is locked); stop the program that holds it.");
    holder.close();
  });

  test("in which another program writes for a moment is migrated after it", async () => {
    await using place = await emptyPlace();
    await using database = await openDatabase(place.url);
    const { DatabaseSync } = await loadSqlite();
    const holder = new DatabaseSync(place.path, { readOnly: false, timeout: 0 });
    holder.exec("BEGIN IMMEDIATE");

    const migrating = migrate(database, NOTES);
    // Answered by the reader after the migration has met the lock.
    await migrationState(database, NOTES);
    await migrationState(database, NOTES);
    holder.exec("COMMIT");
    holder.close();

    expect(await migrating).toEqual(["0001_notes"]);
  });

  test("that is none is left as it is", async () => {
    await using place = await emptyPlace();
    const text = "No database, but a long letter.\n".repeat(40);
    await writeFile(place.path, text);

    const refusal = await refusalOf(openDatabase(place.url));

    expect(refusal).toBe(
      `The database file ${place.path} cannot be used (file is not a database); name another file in the database URL, or move this one away.`,
    );
    expect(await readFile(place.path, "utf8")).toBe(text);
  });

  test("whose place a folder has is refused", async () => {
    await using place = await emptyPlace();
    await mkdir(place.path);

    const refusal = await refusalOf(openDatabase(place.url));

    expect(refusal).toContain("the database URL has to name a file, in a folder that may be written.");
  });

  test("that is broken is refused with a word about backups, by whoever reads it first", async () => {
    await using place = await emptyPlace();
    {
      await using database = await openDatabase(place.url);
      await migrate(database, NOTES);
    }
    const content = await readFile(place.path);
    // The first page is the schema's; what comes before this is the head of the file.
    await writeFile(place.path, content.fill(0xff, 100, 4_000));

    // Some files show it when they are opened, others when they are read.
    const look = async (): Promise<unknown> => {
      await using database = await openDatabase(place.url);
      return await migrationState(database, NOTES);
    };
    const refusal = await refusalOf(look());

    expect(refusal).toMatch(/\(database disk image is malformed\); restore it from a backup\.$/);
  });

  test.skipIf(process.platform !== "linux")("for which the disk has no room is refused", async () => {
    const refusal = await refusalOf(openDatabase("sqlite:/dev/full"));

    expect(refusal).toBe(
      "The database file /dev/full cannot be used (database or disk is full); make room on the disk.",
    );
  });

  test.skipIf(process.platform !== "linux")("in a place that takes no folders is refused, and soon", async () => {
    const refusal = await refusalOf(openDatabase("sqlite:/proc/nope/deeper/chat.db"));

    expect(refusal).toBe(
      "The database file /proc/nope/deeper/chat.db cannot be used (ENOENT: no such file or directory, mkdir '/proc/nope'); name another file in the database URL.",
    );
  });

  /** Opens a file as somebody who may do nothing but read it, and tells what it heard. */
  const READER = `
import { openDatabase } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
const refusal = await openDatabase(process.argv[2]).then(() => "it opens", (error) => error.message);
process.send(refusal, () => process.exit(0));
`;

  test.skipIf(process.platform !== "linux")("that may only be read is refused at once", async () => {
    await using place = await emptyPlace();
    await (await openDatabase(place.url)).close();
    const folder = dirname(place.path);
    const program = join(folder, "reader.mts");
    await writeFile(program, READER);
    // Root may write everything, so that it is somebody else who tries.
    await Promise.all([chmod(folder, 0o777), chmod(place.path, 0o444)]);
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const root = fileURLToPath(new URL("../../..", import.meta.url));

    const reader = fork(program, [place.url], {
      ...nobody,
      cwd: root,
      env: { ...process.env, TMPDIR: folder },
      execArgv: ["--conditions=source", "--import", "tsx"],
    });
    const [refusal] = await once(reader, "message");

    expect(refusal).toBe(
      `The database file ${place.path} cannot be used (EACCES: permission denied, access '${place.path}'); make the file and its folder writable, or name another file in the database URL.`,
    );
  });
});

/** Something that listens, and is no PostgreSQL or one that refuses. */
async function listening(answer: (socket: Socket) => void): Promise<AsyncDisposable & { readonly host: string }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A server on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

/** PostgreSQL's refusal: severity, code and text, each ended by a zero. */
function refusalFrame(code: string, text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

describe("a PostgreSQL", () => {
  test.each([
    ["28P01", 'password authentication failed for user "hutong"', "mend user and password in the database URL"],
    ["28000", 'no pg_hba.conf entry for host "10.0.0.1"', "mend user and password in the database URL"],
    ["3D000", 'database "chat" does not exist', "create it, or mend its name in the database URL"],
    ["53300", "sorry, too many clients already", "end programs that use it, or let it have more connections"],
    ["57P03", "the database system is starting up", "try again when it has started"],
    ["XX000", "something else", "see that PostgreSQL listens there, and mend the database URL"],
  ])("that refuses with %s is told with the remedy", async (code, text, remedy) => {
    await using server = await listening((socket) => socket.end(refusalFrame(code, text)));

    const refusal = await refusalOf(openDatabase(`postgres://hutong:secret@${server.host}/chat`));

    expect(refusal).toBe(`PostgreSQL at ${server.host}/chat cannot be used (${text}); ${remedy}.`);
  });

  test("that is none, but a web server, is told so", async () => {
    await using server = await listening((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));

    const refusal = await refusalOf(openDatabase(`postgres://hutong:secret@${server.host}/chat`));

    expect(refusal).toBe(
      `PostgreSQL at ${server.host}/chat cannot be used (Connection terminated unexpectedly); see that PostgreSQL listens there, and mend the database URL.`,
    );
  });

  test("that does not listen is to be started", async () => {
    const refusal = await refusalOf(openDatabase("postgres://hutong:secret@127.0.0.1:1/chat"));

    expect(refusal).toBe(
      "PostgreSQL at 127.0.0.1:1/chat cannot be used (connect ECONNREFUSED 127.0.0.1:1); start it, or mend host and port in the database URL.",
    );
  });
});

describe.each(testEngines().filter(({ name }) => name === "PostgreSQL"))("on $name", (engine) => {
  test("a database whose schema another user keeps is refused with a word about rights", async () => {
    await using temporary = await engine.create();
    await using owner = await openDatabase<Record<string, never>>(temporary.url);
    const role = `test_reader_${new URL(temporary.url).pathname.slice(-8)}`;
    await sql.raw(`create role ${role} login`).execute(owner.read);
    try {
      await migrate(owner, NOTES);
      const url = new URL(temporary.url);
      url.username = role;
      await using reader = await openDatabase(url.href);

      const refusal = await refusalOf(migrate(reader, NOTES));

      expect(refusal).toBe(
        "The database cannot be read (permission denied for table kysely_migration); grant that right to the user of the database URL.",
      );
    } finally {
      await sql.raw(`drop role ${role}`).execute(owner.read);
    }
  });
});
