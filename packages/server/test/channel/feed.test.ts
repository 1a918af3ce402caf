import { accept, type Channel, defineChannel } from "@hutong/server";
import { type Broker, type Envelope, MemoryBroker } from "@hutong/server/plugin";
import type { PhoenixClient } from "@hutong/testing";
import { expect, test } from "vitest";
import { type Bench, type BenchOptions, startBench } from "../support.ts";

interface Streaming extends AsyncDisposable {
  readonly bench: Bench;
  readonly client: PhoenixClient;
  readonly channel: Channel;
  /** Broadcasts to a topic and gives the events that the client received. */
  broadcast(topic: string, event: string): Promise<readonly unknown[]>;
}

async function joinFeed(options: BenchOptions = {}): Promise<Streaming> {
  const channels: Channel[] = [];
  const feed = defineChannel("feed:*", { join: () => accept(), joined: (joined) => void channels.push(joined) });
  const bench = await startBench([feed], options);
  const client = bench.connect();
  client.join("feed:1");
  await bench.clock.settle();
  client.take();
  const [channel] = channels;
  if (channel === undefined) throw new Error("the feed was not joined");
  return {
    bench,
    client,
    channel,
    broadcast: async (topic, event) => {
      bench.server.broadcast(topic, event, {});
      await bench.clock.settle();
      return client.take();
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test("a stream brings the broadcasts of another topic under the channel's own", async () => {
  await using feed = await joinFeed();

  await feed.channel.stream("news:world");

  expect(await feed.broadcast("news:world", "headline")).toEqual([[null, null, "feed:1", "headline", {}]]);
});

test("a topic that is streamed twice is heard once", async () => {
  await using feed = await joinFeed();

  await feed.channel.stream("news:world");
  await feed.channel.stream("news:world");

  expect(await feed.broadcast("news:world", "headline")).toHaveLength(1);
});

test("a stopped stream brings nothing more", async () => {
  await using feed = await joinFeed();
  await feed.channel.stream("news:world");

  feed.channel.stopStream("news:world");

  expect(await feed.broadcast("news:world", "headline")).toEqual([]);
  expect(await feed.broadcast("feed:1", "own")).toHaveLength(1);
});

test("a stream may be started again", async () => {
  await using feed = await joinFeed();
  await feed.channel.stream("news:world");
  feed.channel.stopStream("news:world");

  await feed.channel.stream("news:world");

  expect(await feed.broadcast("news:world", "headline")).toHaveLength(1);
});

test("stopping all streams stops the channel's own topic, too, and the channel stays joined", async () => {
  await using feed = await joinFeed();
  await feed.channel.stream("news:world");

  feed.channel.stopStreams();

  expect(await feed.broadcast("news:world", "headline")).toEqual([]);
  expect(await feed.broadcast("feed:1", "own")).toEqual([]);
  expect(feed.bench.server.stats()).toEqual({ connections: 1, channels: 1, topics: 0, subscriptions: 0 });
});

test("streams end with the channel", async () => {
  await using feed = await joinFeed();
  await feed.channel.stream("news:world");

  feed.client.leave("feed:1");
  await feed.bench.clock.settle();

  expect(feed.bench.server.stats()).toMatchObject({ topics: 0, subscriptions: 0 });
});

test("a stream that is asked for after the end is none", async () => {
  await using feed = await joinFeed();
  feed.client.leave("feed:1");
  await feed.bench.clock.settle();

  await feed.channel.stream("news:world");

  expect(feed.bench.server.stats()).toMatchObject({ topics: 0, subscriptions: 0 });
});

test.each(["", "news world", "$control", "news:*"])("%j cannot be streamed", async (topic) => {
  await using feed = await joinFeed();

  await expect(feed.channel.stream(topic)).rejects.toThrow(TypeError);
});

test("a stream that the broker refuses may be asked for again", async () => {
  const broker = new MoodyBroker();
  await using feed = await joinFeed({ broker });
  broker.isRefusing = true;
  await expect(feed.channel.stream("news:world")).rejects.toThrow("out of reach");
  const unheard = await feed.broadcast("news:world", "headline");
  broker.isRefusing = false;

  await feed.channel.stream("news:world");

  expect(unheard).toEqual([]);
  expect(await feed.broadcast("news:world", "headline")).toHaveLength(1);
});

test("a stream that is asked for twice is confirmed twice", async () => {
  const broker = new MoodyBroker();
  await using feed = await joinFeed({ broker });
  broker.isRefusing = true;

  const both = await Promise.allSettled([feed.channel.stream("news:world"), feed.channel.stream("news:world")]);

  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

/** A memory broker that refuses subscriptions at times. */
class MoodyBroker implements Broker {
  readonly #broker = new MemoryBroker();
  isRefusing = false;

  start(deliver: (topic: string, bytes: Uint8Array) => void): Promise<void> {
    return this.#broker.start(deliver);
  }

  subscribe(topic: string): Promise<void> {
    return this.isRefusing ? Promise.reject(new Error("out of reach")) : this.#broker.subscribe(topic);
  }

  unsubscribe(topic: string): Promise<void> {
    return this.#broker.unsubscribe(topic);
  }

  publish(topic: string, envelope: Envelope): void | Promise<void> {
    return this.#broker.publish(topic, envelope);
  }

  close(): Promise<void> {
    return this.#broker.close();
  }
}
