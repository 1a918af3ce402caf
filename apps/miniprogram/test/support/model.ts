import { memoryStorage } from "@hutong/client/wechat";
import { FakeClock } from "@hutong/testing";
import { CatchUp } from "../../miniprogram/model/catch-up";
import { Changes } from "../../miniprogram/model/changes";
import { ConversationBook } from "../../miniprogram/model/conversation-book";
import { LiveEvents } from "../../miniprogram/model/live-events";
import { Outbox } from "../../miniprogram/model/outbox";
import { SyncEngine } from "../../miniprogram/model/sync-engine";
import { ME, ScriptedServer } from "./scripted-server";

/** The parts of a chat around a scripted server, without a link. */
export function createModel(server = new ScriptedServer(), storage = memoryStorage()) {
  const clock = new FakeClock();
  const changes = new Changes(clock);
  const book = new ConversationBook(changes);
  const { call } = server;
  const catchUp = new CatchUp({ book, call, clock });
  const live: LiveEvents = new LiveEvents({
    ...{ book, clock, userId: ME.id },
    listener: {
      lacking: (id) => catchUp.soon(id),
      ownArrived: (id) => outbox.arrived(id),
      arrived: () => undefined,
    },
  });
  let lastId = 0;
  const outbox = new Outbox({
    ...{ call, clock, changes, storage },
    createId: () => `client-${(lastId += 1)}`,
    upload: async ({ width, height }, progress) => {
      progress(0.5);
      return { type: "image", body: { fileId: "f-1", width, height } };
    },
    sent: (message) => live.message({ message, users: [] }),
  });
  const engine = new SyncEngine({
    ...{ book, call, clock, live, catchUp },
    listener: { me: () => undefined, userEvent: () => undefined, synced: () => undefined, kicked: () => undefined },
  });
  return { server, clock, changes, book, catchUp, live, outbox, engine, storage };
}

/** The seqs that the log of the conversation holds, in the order in which they are shown. */
export function heldSeqs({ book }: Pick<ReturnType<typeof createModel>, "book">): readonly number[] {
  return book.entry("c-1")?.log.messages.map(({ seq }) => seq) ?? [];
}
