import type { JSX } from "preact";

import { HOME } from "../../page/address.ts";
import { Menu } from "../menu.tsx";
import type { ChatProps } from "../props.ts";
import { openDirect } from "../open-direct.ts";

/** Props of {@link PersonCard}. */
export interface PersonCardProps extends ChatProps {
  readonly userId: string;
  readonly at: DOMPoint;
  readonly onClose: () => void;
}

/** What can be done with the sender of a message. */
export function PersonCard({ page, chat, userId, at, onClose }: PersonCardProps): JSX.Element {
  const words = page.words.value;
  return (
    <Menu
      at={at}
      label={words.person}
      onClose={onClose}
      items={[
        {
          label: words.showProfile,
          icon: "person",
          run: () => page.place.goTo({ ...HOME, tab: "contacts", page: `user:${userId}` }),
        },
        { label: words.writeTo, icon: "chats", run: () => void openDirect({ page, chat }, userId) },
      ]}
    />
  );
}
