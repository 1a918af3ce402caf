import { request, type ClientRequest } from "node:http";
import { openDatabase } from "@hutong/database";
import { eventually, FakeClock } from "@hutong/testing";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { ApiClient, reasonOf } from "../support/api-client.ts";
import { dropTable } from "../support/drop-table.ts";
import { type StartedChat, startTestChat } from "../support/started-chat.ts";

/** Begins a call of `sign_in`; the body is for the caller to send. */
function beginSignIn({ chat }: StartedChat, headers: Readonly<Record<string, string>>): ClientRequest {
  const { port } = chat;
  return request({ host: "127.0.0.1", port, path: "/api/sessions", method: "POST", headers });
}

function statusOf(call: ClientRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    call.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
  });
}

const CHUNKED = { "transfer-encoding": "chunked" };

describe("a body without a length", () => {
  test("is given up after 30 seconds", async () => {
    const clock = new FakeClock();
    await using started = await startTestChat({}, { clock });
    const call = beginSignIn(started, CHUNKED);
    const status = statusOf(call);
    call.write('{"username":');

    let answered: number | undefined;
    void status.then((code) => (answered = code));
    await eventually(async () => {
      await clock.advance(30_000);
      return answered !== undefined;
    });

    expect(answered).toBe(400);
    call.destroy();
  });

  test("is refused when it is longer than 64 KiB", async () => {
    await using started = await startTestChat();
    const call = beginSignIn(started, CHUNKED);
    const status = statusOf(call);
    for (let count = 0; count < 5; count++) call.write("x".repeat(16_384));

    expect(await status).toBe(413);
    call.destroy();
  });

  test("is read when it is a good one", async () => {
    await using started = await startTestChat();
    const call = beginSignIn(started, CHUNKED);
    const status = statusOf(call);
    call.write('{"username":"nobody","password":"wrong",');
    call.end('"device":{"key":"12345678","platform":"web","name":""}}');

    expect(await status).toBe(401);
  });
});

test.each([
  ["with a length", { "content-length": "100" }],
  ["without one", CHUNKED],
])("a body %s that breaks off is no failure of the chat", async (_what, headers) => {
  const failures: unknown[] = [];
  await using started = await startTestChat({}, { failed: (place) => failures.push(place) });
  const call = beginSignIn(started, headers);
  const broken = new Promise((resolve) => call.on("error", resolve));
  await new Promise<void>((resolve) => call.write("{", () => resolve()));

  call.destroy();
  await broken;
  await new ApiClient(started.chat.url).register("ada_l");

  expect(failures).toEqual([]);
});

test("a call whose caller cannot be looked up is answered like every failure, and is told of", async () => {
  const failures: string[] = [];
  await using started = await startTestChat({}, { failed: (place) => failures.push(place) });
  const ada = await new ApiClient(started.chat.url).register("ada_l");
  await dropTable(started, "tickets");

  // A text without dots is looked up among the tickets.
  const answer = await ada.request("/me", { headers: { authorization: "Bearer ticket" } });

  expect([answer.status, reasonOf(answer.body)]).toEqual([500, "internal"]);
  expect(failures).toEqual(["http"]);
});

test("an idempotency key keeps no answer that opens a session or only reads", async () => {
  await using started = await startTestChat();
  const ada = await new ApiClient(started.chat.url).register("ada_l");
  const device = { key: "another-device", platform: "desktop", name: "" };
  const credentials = { username: "ada_l", password: "correct horse battery", device };

  const tickets = [
    await ada.call("create_ticket", {}),
    (await ada.send("create_ticket", {}, { "idempotency-key": "one" })).body,
    (await ada.send("create_ticket", {}, { "idempotency-key": "one" })).body,
  ].map((ticket) => JSON.stringify(ticket));
  await ada.send("sign_in", credentials, { "idempotency-key": "two" });
  await ada.send("sync", {}, { "idempotency-key": "three" });
  await ada.send("heartbeat", { since: 0 }, { "idempotency-key": "four" });

  expect(new Set(tickets).size).toBe(3);
  await using database = await openDatabase(started.config.databaseUrl);
  const { rows } = await sql`select body from idempotency`.execute(database.read);
  expect(rows).toEqual([]);
});
