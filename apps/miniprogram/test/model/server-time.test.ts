import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { ServerTime } from "../../miniprogram/model/server-time";

const START = 1_700_000_000_000;

test("the quickest answer is believed, taken as written in the middle of its round trip", async () => {
  const clock = new FakeClock(START);
  const time = new ServerTime(clock);

  time.hint(START + 9_000);
  await clock.advance(400);
  time.take({ sentAt: START, serverNow: START + 5_200 });
  await clock.advance(100);
  time.take({ sentAt: START + 400, serverNow: START + 6_000 });
  time.take({ sentAt: START, serverNow: START });

  // The second question was sent at 400 and answered at 500: the server said 6000 at 450 or so.
  expect(time.now() - clock.now()).toBe(5_550);
});

test("a new link is measured three times, then once in 45 seconds", async () => {
  const clock = new FakeClock(START);
  const time = new ServerTime(clock);

  expect([time.isDue(), time.isDue(), time.isDue(), time.isDue()]).toEqual([true, true, true, false]);
  await clock.advance(45_000);
  expect([time.isDue(), time.isDue()]).toEqual([true, false]);
  time.forget();
  expect(time.isDue()).toBe(true);
});
