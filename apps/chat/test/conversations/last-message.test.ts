import { testEngines } from "@hutong/database/testing";
import { describe, expect, test } from "vitest";
import { conversationViews } from "../../src/conversations/conversation-views.ts";
import { insertConversation } from "../../src/conversations/insert-conversation.ts";
import { addMember } from "../../src/conversations/membership.ts";
import { addPeople, NOW, withChatDatabase } from "../support/people.ts";
import { say } from "../support/speech.ts";

describe.each(testEngines())("the last message of a conversation on $name", (engine) => {
  test("is the last one that the member can see, in each of several conversations", () =>
    withChatDatabase(engine, async (database) => {
      await addPeople(database, ["ann", "bob"]);
      const ids = ["whole", "deleted", "left", "empty"];
      await database.write(async (transaction) => {
        for (const id of ids) {
          const { conversation } = await insertConversation(transaction, {
            id,
            type: "group",
            joinMode: "invite",
            at: NOW,
          });
          await addMember(transaction, { conversation, userId: "ann", at: NOW });
        }
      });
      for (const id of ["whole", "deleted", "left"])
        await say(database, id, { from: "bob", texts: ["one", "two", "three"] });
      await database.write(async (transaction) => {
        const hidden = [2, 3].map((seq) => ({ user_id: "ann", conversation_id: "deleted", seq }));
        await transaction.insertInto("hidden_messages").values(hidden).execute();
        await transaction
          .updateTable("members")
          .set({ left_at: NOW, max_seq: 2 })
          .where("conversation_id", "=", "left")
          .execute();
      });

      const views = await conversationViews(database.read, "ann", ids);

      expect(views.map(({ id, lastMessage }) => [id, lastMessage?.body])).toEqual([
        ["whole", { text: "three" }],
        ["deleted", { text: "one" }],
        ["left", { text: "two" }],
        ["empty", undefined],
      ]);
    }));
});
