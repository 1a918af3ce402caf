import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { type ClientWebSocket, connectByWebSocket } from "../../src/bus/web-socket-client.ts";

/** A socket that a server refuses after some time. */
function refusedAfter(ms: number, clock: FakeClock): ClientWebSocket {
  return {
    readyState: 3,
    send: () => {},
    close: () => {},
    addEventListener: (type: string, listener: (event: { readonly data: unknown }) => void) => {
      if (type === "close") clock.after(ms, () => listener({ data: undefined }));
    },
  };
}

test.each([
  ["at once", 0, 67],
  ["after two seconds, as browsers do it after the first ones", 2_000, 5],
])("a client whose links are refused %s gives up within ten seconds and one attempt", async (_, ms, attempts) => {
  const clock = new FakeClock();
  let openedCount = 0;
  let lostCount = 0;
  connectByWebSocket({
    clock,
    name: "CONTROL",
    open: () => {
      openedCount++;
      return refusedAfter(ms, clock);
    },
    lost: () => lostCount++,
  });

  await clock.advance(60_000);

  expect([openedCount, lostCount, clock.timerCount]).toEqual([attempts + 1, 1, 0]);
});
