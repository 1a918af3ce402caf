import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { Mailbox } from "../../src/channel/mailbox.ts";
import { createGate } from "../support.ts";

test("plain items run within the call", () => {
  const done: string[] = [];
  const mailbox = new Mailbox<string>({ run: (item) => void done.push(item) }, { held: false });

  mailbox.post("a");
  mailbox.post("b");

  expect(done).toEqual(["a", "b"]);
});

test("an item that takes time holds the later ones back", async () => {
  const gate = createGate();
  const done: string[] = [];
  const mailbox = new Mailbox<string>(
    {
      run: async (item) => {
        if (item === "slow") await gate.opened;
        done.push(item);
      },
    },
    { held: false },
  );
  mailbox.post("slow");
  mailbox.post("fast");
  await new FakeClock().settle();
  const doneBefore = [...done];

  gate.open();
  await new FakeClock().settle();

  expect(doneBefore).toEqual([]);
  expect(done).toEqual(["slow", "fast"]);
});

test("an item posted from within a run waits for it", () => {
  const done: string[] = [];
  const mailbox = new Mailbox<string>(
    {
      run: (item) => {
        if (item === "outer") mailbox.post("inner");
        done.push(item);
      },
    },
    { held: false },
  );

  mailbox.post("outer");

  expect(done).toEqual(["outer", "inner"]);
});

test("an item posted from within a run comes after those that wait", async () => {
  const gate = createGate();
  const done: string[] = [];
  const mailbox = new Mailbox<string>(
    {
      run: (item) => {
        done.push(item);
        if (item === "second") mailbox.post("fourth");
        return item === "first" ? gate.opened : undefined;
      },
    },
    { held: false },
  );
  for (const item of ["first", "second", "third"]) mailbox.post(item);

  gate.open();
  await new FakeClock().settle();

  expect(done).toEqual(["first", "second", "third", "fourth"]);
});

test("a held mailbox collects until it is released", () => {
  const done: string[] = [];
  const mailbox = new Mailbox<string>({ run: (item) => void done.push(item) }, { held: true });
  mailbox.post("a");
  mailbox.post("b");
  const before = [done.length, mailbox.size];

  mailbox.release();
  mailbox.post("c");

  expect(before).toEqual([0, 2]);
  expect(done).toEqual(["a", "b", "c"]);
});

test("clear takes out what waits, and nothing of it runs", async () => {
  const gate = createGate();
  const done: string[] = [];
  const mailbox = new Mailbox<string>(
    {
      run: (item) => {
        done.push(item);
        return gate.opened;
      },
    },
    { held: false },
  );
  for (const item of ["a", "b", "c"]) mailbox.post(item);

  const cleared = mailbox.clear();
  gate.open();
  await new FakeClock().settle();

  expect(cleared).toEqual(["b", "c"]);
  expect(done).toEqual(["a"]);
  expect(mailbox.size).toBe(0);
});

test("is idle at once when nothing runs, and not before a held one is released", async () => {
  const idle: string[] = [];
  const mailbox = new Mailbox<string>({ run: () => {} }, { held: true });
  void mailbox.idle().then(() => idle.push("held"));
  await new FakeClock().settle();
  const before = [...idle];

  mailbox.release();
  void mailbox.idle().then(() => idle.push("released"));
  await new FakeClock().settle();

  expect(before).toEqual([]);
  expect(idle).toEqual(["held", "released"]);
});

test("is idle when the last of what waited is done", async () => {
  const gates = [createGate(), createGate()];
  const done: number[] = [];
  const mailbox = new Mailbox<number>(
    {
      run: async (index) => {
        await gates[index]?.opened;
        done.push(index);
      },
    },
    { held: false },
  );
  for (const index of [0, 1]) mailbox.post(index);
  let doneWhenIdle: readonly number[] = [];
  void mailbox.idle().then(() => (doneWhenIdle = [...done]));

  gates[0]?.open();
  await new FakeClock().settle();
  const between = doneWhenIdle;
  gates[1]?.open();
  await new FakeClock().settle();

  expect(between).toEqual([]);
  expect(doneWhenIdle).toEqual([0, 1]);
});
