import type { JSX } from "preact";

import { EMOJI } from "../../page/emoji.ts";
import type { PageProps } from "../props.ts";

/** Props of {@link EmojiPicker}. */
export interface EmojiPickerProps extends PageProps {
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

/** A grid of emoji above the composer. Stays open, so that several can be picked. */
export function EmojiPicker({ page, onPick, onClose }: EmojiPickerProps): JSX.Element {
  return (
    <div
      class="emoji"
      role="group"
      aria-label={page.words.value.emoji}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      {EMOJI.map((emoji) => (
        <button key={emoji} type="button" class="emoji-item" onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
}
