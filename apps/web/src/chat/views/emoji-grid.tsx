import type { JSX } from "preact";

import { moveGridFocus } from "./move-focus.ts";

/** Props of {@link EmojiGrid}. */
export interface EmojiGridProps {
  /** The accessible name. */
  readonly label: string;
  readonly emoji: readonly string[];
  /** `isByKey` is whether a key has picked it, so that the focus may stay. */
  readonly onPick: (emoji: string, isByKey: boolean) => void;
}

/** Emoji to pick from: one stop of the Tab key, inside of which the arrow keys move. Has the focus when it appears. */
export function EmojiGrid({ label, emoji, onPick }: EmojiGridProps): JSX.Element {
  return (
    <div class="emoji" role="group" aria-label={label} onKeyDown={moveGridFocus}>
      {emoji.map((one, index) => (
        <button
          key={one}
          type="button"
          class="emoji-item"
          tabIndex={index === 0 ? 0 : -1}
          autoFocus={index === 0}
          onClick={(event) => onPick(one, event.detail === 0)}
        >
          {one}
        </button>
      ))}
    </div>
  );
}
