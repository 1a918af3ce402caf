import type { User } from "@hutong/chat-api";
import type { ComponentChildren, JSX } from "preact";

import { HOME } from "../page/address.ts";
import { personName } from "../page/names.ts";
import { Face } from "./face.tsx";
import type { ChatProps } from "./props.ts";

/** Props of {@link PersonLine}. */
export interface PersonLineProps extends ChatProps {
  readonly user: User;
  /** Below the name. */
  readonly note?: string | undefined;
  /** What a press does. @defaultValue opens the person's page */
  readonly onPress?: () => void;
  /** Beside the name. */
  readonly children?: ComponentChildren;
}

/** One person of a list. */
export function PersonLine({ page, chat, user, note, onPress, children }: PersonLineProps): JSX.Element {
  const presence = chat.book.presences.value.get(user.id);
  const name = chat.book.users.value.has(user.id) ? personName(chat, user.id) : user.nickname;
  const open = (): void =>
    page.place.goTo({ ...HOME, tab: "contacts", page: user.id === chat.userId ? undefined : `user:${user.id}` });
  return (
    <li class="person">
      <button type="button" class="person-button" onClick={onPress ?? open}>
        <Face name={name} picture={user.avatar} isOnline={presence?.online === true ? true : undefined} />
        <span class="person-text">
          <b>{name}</b>
          {note !== undefined && note !== "" && <span class="hint">{note}</span>}
        </span>
      </button>
      {children}
    </li>
  );
}
