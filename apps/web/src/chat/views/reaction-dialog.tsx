import type { JSX } from "preact";

import { EMOJI } from "../page/emoji.ts";
import type { DeskProps } from "./props.ts";
import { Dialog } from "./dialog.tsx";
import { EmojiGrid } from "./emoji-grid.tsx";
import { react } from "./message/message-actions.ts";

/** Chooses a reaction to a message. */
export function ReactionDialog({ page, chat, entry, desk }: DeskProps): JSX.Element | null {
  const message = desk.reacting.value;
  if (message === undefined) return null;
  const close = (): void => {
    desk.reacting.value = undefined;
  };
  const pick = (emoji: string): void => {
    react({ page, chat, entry }, message, emoji);
    close();
  };
  return (
    <Dialog page={page} title={page.words.value.react} onClose={close}>
      <EmojiGrid label={page.words.value.react} emoji={EMOJI.slice(0, 64)} onPick={pick} />
    </Dialog>
  );
}
