import { ClosedError } from "@hutong/protocol";
import { brokerConformance } from "@hutong/testing";
import { expect, test } from "vitest";
import { MemoryBroker, MemoryBrokerHub } from "../../src/pubsub/memory-broker.ts";

brokerConformance("MemoryBroker", () => {
  const hub = new MemoryBrokerHub();
  return { createBroker: () => new MemoryBroker(hub) };
});

test("an envelope that nobody else wants is not encoded", async () => {
  let reads = 0;
  const hub = new MemoryBrokerHub();
  const [sender, other] = [new MemoryBroker(hub), new MemoryBroker(hub)];
  await sender.start(() => {});
  await other.start(() => {});
  await other.subscribe("room:other");

  await sender.publish("room:1", {
    get bytes() {
      reads++;
      return new Uint8Array(0);
    },
  });

  expect(reads).toBe(0);
});

test("brokers without a common hub do not hear each other", async () => {
  const [left, right] = [new MemoryBroker(), new MemoryBroker()];
  const heard: string[] = [];
  await left.start(() => {});
  await right.start((topic) => heard.push(topic));
  await right.subscribe("room:1");

  await left.publish("room:1", { bytes: new Uint8Array(0) });
  await Promise.resolve();

  expect(heard).toEqual([]);
});

test("a closed broker rejects with a ClosedError", async () => {
  const broker = new MemoryBroker();
  await broker.start(() => {});
  await broker.close();

  await expect(broker.publish("room:1", { bytes: new Uint8Array(0) })).rejects.toBeInstanceOf(ClosedError);
  await expect(broker.subscribe("room:1")).rejects.toBeInstanceOf(ClosedError);
});
