import { expect, test } from "vitest";
import { MessageStretch } from "../../miniprogram/model/message-stretch";
import { textMessage } from "../support/scripted-server";

const seqsOf = ({ messages }: MessageStretch): readonly number[] => messages.map(({ seq }) => seq);

test("a page that overlaps what is held adds only what is new, at both ends", () => {
  const stretch = new MessageStretch();
  stretch.reset([textMessage(5), textMessage(6)], { lo: 5, hi: 6 });

  stretch.append([textMessage(6), textMessage(7)], 7);
  stretch.prepend([textMessage(3), textMessage(4), textMessage(5)], 3);

  expect(seqsOf(stretch)).toEqual([3, 4, 5, 6, 7]);
  expect(stretch.range).toEqual({ lo: 3, hi: 7 });
});

test("an older version of a message does not replace a newer one", () => {
  const stretch = new MessageStretch();
  stretch.reset([textMessage(1, { version: 2, body: { text: "new" } })], { lo: 1, hi: 1 });

  stretch.replace(textMessage(1, { version: 1, body: { text: "old" } }));
  expect(stretch.get(1)).toMatchObject({ body: { text: "new" } });

  stretch.replace(textMessage(1, { version: 3, body: { text: "newest" } }));
  expect(stretch.get(1)).toMatchObject({ body: { text: "newest" } });
});

test("removed messages leave the stretch whole", () => {
  const stretch = new MessageStretch();
  stretch.reset([textMessage(1), textMessage(2)], { lo: 1, hi: 2 });

  stretch.remove((seq) => seq === 2);

  expect([seqsOf(stretch), stretch.range]).toEqual([[1], { lo: 1, hi: 2 }]);
});
