import { describe, expect, test } from "vitest";
import { createSocket } from "../src/create-socket.ts";
import { FakeClock, ScriptedServer, turn } from "./support.ts";

describe("createSocket", () => {
  test("names every option that is out of range", () => {
    expect(() =>
      createSocket("http://example.com/socket", {
        timeoutMs: 0,
        maxOutboxPushes: -1,
        reconnect: { factor: 0.5, maxMs: NaN },
      }),
    ).toThrow(
      new RangeError(
        "timeoutMs is 0; expected a number of at least 1; maxOutboxPushes is -1; expected a number of at least 0; " +
          "reconnect.maxMs is NaN; expected a number of at least 250; reconnect.factor is 0.5; expected a number of at least 1",
      ),
    );
  });

  test("needs a transport that can work here", () => {
    expect(() => createSocket("http://example.com/socket", { transports: [] })).toThrow("no transport can work here");
  });

  test("takes a transport of the application", async () => {
    const server = new ScriptedServer("mine");
    const socket = createSocket("http://example.com/socket", { transports: [server], clock: new FakeClock() });

    socket.connect();
    await turn();

    expect(socket.state).toEqual({ kind: "open", transport: "mine" });
  });

  test("uses the fetch that it is given", async () => {
    const urls: string[] = [];
    const socket = createSocket("http://example.com/socket", {
      transports: ["longpoll"],
      clock: new FakeClock(),
      fetch: (url) => {
        urls.push(url);
        return Promise.resolve({ json: () => Promise.resolve({ status: 403 }) });
      },
    });

    socket.connect();
    await turn();

    expect(urls).toEqual(["http://example.com/socket/longpoll?vsn=2.0.0%2Bhutong.1"]);
    expect(socket.state).toMatchObject({ kind: "waiting", reason: "forbidden" });
  });
});
