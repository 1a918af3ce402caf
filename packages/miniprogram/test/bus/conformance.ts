import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { BusClient } from "../../src/bus/bus.ts";
import type { BusMessage, ClientName } from "../../src/bus/message.ts";

/** One implementation of the bus, with two sessions. */
export interface BusBench extends AsyncDisposable {
  /** Connects a part; `session` is 0 or 1. Does not wait until the link is up. */
  connect(name: ClientName, session?: 0 | 1): BusClient;
}

/** Runs the scenarios that hold for every implementation of the bus. */
export function busConformance(title: string, create: () => Promise<BusBench>): void {
  describe(title, () => {
    for (const [name, run] of Object.entries(SCENARIOS)) {
      test(name, async () => {
        await using bench = await create();
        await run(bench);
      });
    }
  });
}

/** What a part was sent, as JSON texts in order. */
export function record(client: BusClient): unknown[] {
  const messages: unknown[] = [];
  client.onMessage((message) => messages.push(message));
  return messages;
}

export function publish(eventName: string, webviewIds?: number | null | readonly (number | null)[]): BusMessage {
  return {
    command: "APPSERVICE_PUBLISH",
    data: { eventName, data: null, ...(webviewIds !== undefined && { webviewIds }) },
  };
}

function names(messages: readonly unknown[]): readonly unknown[] {
  return messages.map((message) => (message as { data: { eventName: string } }).data.eventName);
}

const SCENARIOS: Readonly<Record<string, (bench: BusBench) => Promise<void>>> = {
  "messages of one part reach another in the order in which they were sent": async (bench) => {
    const service = bench.connect("APPSERVICE");
    const view = record(bench.connect("WEBVIEW_1"));

    for (let index = 0; index < 50; index++) service.send(publish(`e${index}`, 1));

    await eventually(() => expect(view).toHaveLength(50));
    expect(names(view)).toEqual(Array.from({ length: 50 }, (_, index) => `e${index}`));
  },
  "what is sent to a part that has never been there waits for it": async (bench) => {
    const service = bench.connect("APPSERVICE");
    service.send(publish("early", 4));
    service.send(publish("later", 4));

    const view = record(bench.connect("WEBVIEW_4"));

    await eventually(() => expect(names(view)).toEqual(["early", "later"]));
  },
  "what is sent while a part is away is delivered when it returns, in order": async (bench) => {
    const service = bench.connect("APPSERVICE");
    const first = bench.connect("WEBVIEW_1");
    const before = record(first);
    service.send(publish("before", 1));
    await eventually(() => expect(names(before)).toEqual(["before"]));

    await first.close();
    const echo = record(bench.connect("WEBVIEW_2"));
    // Once a later message has passed, the bus knows that the first view is away.
    await eventually(() => {
      service.send(publish("probe", 2));
      expect(echo.length).toBeGreaterThan(2);
    });
    service.send(publish("one", 1));
    service.send(publish("two", 1));
    const after = record(bench.connect("WEBVIEW_1"));

    await eventually(() => expect(names(after)).toEqual(["one", "two"]));
    expect(names(before)).toEqual(["before"]);
  },
  "an event without views goes to all, a number to one, a list to each of it, an empty list to none": async (bench) => {
    const service = bench.connect("APPSERVICE");
    const one = record(bench.connect("WEBVIEW_1"));
    const two = record(bench.connect("WEBVIEW_2"));
    for (const id of [1, 2]) service.send(publish("hello", id));
    await eventually(() => expect([one.length, two.length]).toEqual([1, 1]));

    service.send(publish("all"));
    service.send(publish("null", null));
    service.send(publish("list of null", [null]));
    service.send(publish("none", []));
    service.send(publish("two", 2));
    service.send(publish("both", [1, 2]));

    await eventually(() => expect(names(two)).toContain("both"));
    expect(names(one)).toEqual(["hello", "all", "null", "list of null", "both"]);
    expect(names(two)).toEqual(["hello", "all", "null", "list of null", "two", "both"]);
  },
  "a view's event bears the number of that view, whatever it says": async (bench) => {
    const service = record(bench.connect("APPSERVICE"));
    const view = bench.connect("WEBVIEW_3");

    view.send({ command: "WEBVIEW_PUBLISH", data: { eventName: "tap", data: 1 }, fromWebviewID: 7 });

    await eventually(() => expect(service).toHaveLength(1));
    expect(service[0]).toMatchObject({ fromWebviewID: 3 });
  },
  "two sessions share nothing, although their parts have the same names": async (bench) => {
    const mine = record(bench.connect("WEBVIEW_1", 0));
    const theirs = record(bench.connect("WEBVIEW_1", 1));

    bench.connect("APPSERVICE", 0).send(publish("mine", 1));
    bench.connect("APPSERVICE", 1).send(publish("theirs", 1));

    await eventually(() => expect([names(mine), names(theirs)]).toEqual([["mine"], ["theirs"]]));
  },
  "nothing is handled inside of send": async (bench) => {
    const service = bench.connect("APPSERVICE");
    const view = record(bench.connect("WEBVIEW_1"));

    service.send(publish("later", 1));

    expect(view).toEqual([]);
    await eventually(() => expect(view).toHaveLength(1));
  },
};
