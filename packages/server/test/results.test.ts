import { accept, crash, refuse, reply, stop } from "@hutong/server";
import { expect, test } from "vitest";

test("accept lets a client in, with nothing more unless asked", () => {
  expect(accept()).toEqual({ kind: "accept", assigns: {}, response: {} });
  expect(accept({ assigns: { role: "host" }, response: { seats: 3 } })).toEqual({
    kind: "accept",
    assigns: { role: "host" },
    response: { seats: 3 },
  });
});

test("refuse makes a reason of a string and sends an object as it is", () => {
  expect(refuse("full")).toEqual({ kind: "refuse", response: { reason: "full" } });
  expect(refuse({ reason: "full", seats: 0 })).toEqual({ kind: "refuse", response: { reason: "full", seats: 0 } });
});

test("reply is ok unless it has a word of its own", () => {
  expect(reply()).toEqual({ kind: "reply", status: "ok", response: {} });
  expect(reply({ id: 1 }, "queued")).toEqual({ kind: "reply", status: "queued", response: { id: 1 } });
});

test("stop ends as intended and crash as if the handler had thrown", () => {
  expect(stop()).toEqual({ kind: "stop", isCrash: false, reason: "normal", answer: undefined });
  expect(crash("broken", reply())).toEqual({
    kind: "stop",
    isCrash: true,
    reason: "broken",
    answer: { kind: "reply", status: "ok", response: {} },
  });
});
