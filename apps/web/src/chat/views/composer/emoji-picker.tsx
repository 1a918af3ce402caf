import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { EMOJI } from "../../page/emoji.ts";
import { EmojiGrid, type EmojiGridProps } from "../emoji-grid.tsx";
import type { PageProps } from "../props.ts";
import { useBorrowedFocus } from "../use-borrowed-focus.ts";

/** Props of {@link EmojiPicker}. */
export interface EmojiPickerProps extends PageProps, Pick<EmojiGridProps, "onPick"> {
  readonly onClose: () => void;
}

/** A grid of emoji above the composer. Stays open, so that several can be picked. */
export function EmojiPicker({ page, onPick, onClose }: EmojiPickerProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useBorrowedFocus(element);
  return (
    <div
      ref={element}
      class="emoji-picker"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <EmojiGrid label={page.words.value.emoji} emoji={EMOJI} onPick={onPick} />
    </div>
  );
}
