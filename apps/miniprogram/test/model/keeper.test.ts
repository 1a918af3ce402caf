import { memoryStorage } from "@hutong/client/wechat";
import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";
import { Changes } from "../../miniprogram/model/changes";
import { ConversationBook } from "../../miniprogram/model/conversation-book";
import { Keeper } from "../../miniprogram/model/keeper";
import { groupView, textMessage } from "../support/scripted-server";

function createKeeper(storage = memoryStorage(), hasMore = false) {
  const clock = new FakeClock();
  const book = new ConversationBook(new Changes(clock));
  const position = { userSeq: 7, since: 99 };
  const keeper = new Keeper({ storage, book, clock, position: () => position, hasMore: () => hasMore });
  return { clock, book, keeper, storage };
}

test("the next run shows what this one knew, and goes on from the same position", async () => {
  const { book, keeper, storage, clock } = createKeeper();
  const entry = book.putConversation(groupView({ lastSeq: 2, lastMessage: textMessage(2) }));
  book.putUsers([{ id: "u-ada", kind: "user", username: "ada", nickname: "Ada", avatar: null }]);
  book.editLog(entry, (log) => log.reset([textMessage(1), textMessage(2)], { lo: 1, hi: 2 }));
  entry.changeSeq = 3;
  keeper.touch();
  await clock.advance(1_000);

  const next = createKeeper(storage);
  expect(await next.keeper.restore()).toEqual({ userSeq: 7, since: 99 });

  const kept = next.book.entry("c-1");
  expect(kept?.log.messages.map(({ seq }) => seq)).toEqual([1, 2]);
  expect([kept?.log.range, kept?.changeSeq]).toEqual([{ lo: 1, hi: 2 }, 3]);
  expect(next.book.users.get("u-ada")?.nickname).toBe("Ada");
});

test("of a long log the newest messages are kept, and the stretch begins with them", async () => {
  const { book, keeper, storage } = createKeeper();
  const entry = book.putConversation(groupView({ lastSeq: 50 }));
  const messages = Array.from({ length: 50 }, (_, index) => textMessage(index + 1));
  book.editLog(entry, (log) => log.reset(messages, { lo: 1, hi: 50 }));
  keeper.keep();

  const next = createKeeper(storage);
  await next.keeper.restore();

  expect(next.book.entry("c-1")?.log.range).toEqual({ lo: 21, hi: 50 });
});

test("from a part of the list the next run begins the list anew", async () => {
  const { book, keeper, storage } = createKeeper(memoryStorage(), true);
  book.putConversation(groupView());
  keeper.keep();

  expect(await createKeeper(storage).keeper.restore()).toEqual({ userSeq: 7, since: 0 });
});

test("a broken text is as good as none", async () => {
  const { keeper, storage } = createKeeper();
  await storage.set("state", '{"position":{},"conversations":5}');

  expect(await keeper.restore()).toBeUndefined();
});
