import { memoryStorage } from "@hutong/client";
import { FakeClock } from "@hutong/testing";

import { ConversationBook, type ConversationEntry } from "../../src/conversations/conversation-book.ts";
import { Outbox } from "../../src/outbox/outbox.ts";
import { OutboxStore } from "../../src/outbox/outbox-store.ts";
import { CatchUp } from "../../src/sync/catch-up.ts";
import { LiveEvents } from "../../src/sync/live-events.ts";
import { SyncEngine } from "../../src/sync/sync-engine.ts";
import { ADA } from "./scripted-server.ts";
import { TalkServer } from "./talk-server.ts";

/** The parts of a chat around a server with one conversation, without a link. */
export function createTalkModel(server = new TalkServer(), storage = memoryStorage()) {
  const clock = new FakeClock();
  const book = new ConversationBook();
  const { call } = server;
  const catchUp: CatchUp = new CatchUp({ book, call, clock, live: () => live });
  const live: LiveEvents = new LiveEvents({
    ...{ book, clock, userId: ADA },
    listener: {
      lacking: (id) => catchUp.soon(id),
      ownArrived: (id) => outbox.arrived(id),
      arrived: () => undefined,
    },
  });
  let lastId = 0;
  const outbox = new Outbox<never>({
    ...{ call, clock, files: undefined, store: new OutboxStore<never>(storage, undefined) },
    createId: () => `client-${(lastId += 1)}`,
    sent: (message) => live.message({ message, users: [] }),
  });
  const engine = new SyncEngine({
    ...{ book, call, clock, live, catchUp },
    listener: { me: () => undefined, userEvent: () => undefined, synced: () => undefined, kicked: () => undefined },
  });
  return { server, clock, book, catchUp, live, outbox, engine, storage };
}

/** Synchronises and opens the conversation. */
export async function openTalk(server = new TalkServer()) {
  const model = createTalkModel(server);
  model.engine.joined();
  await model.clock.settle();
  const entry = model.book.entry("c1");
  if (entry === undefined) throw new Error("the conversation is not there");
  await model.catchUp.open(entry);
  return { ...model, entry };
}

/** The seqs that a log holds, in the order in which they are shown. */
export function heldSeqs({ log }: ConversationEntry): readonly number[] {
  return log.messages.map(({ seq }) => seq);
}
