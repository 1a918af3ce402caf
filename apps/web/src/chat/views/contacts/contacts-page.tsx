import type { JSX } from "preact";

import type { ChatProps } from "../props.ts";
import { AddFriend } from "./add-friend.tsx";
import { Blocked } from "./blocked.tsx";
import { CardPage } from "./card-page.tsx";
import { NewGroup } from "./new-group.tsx";
import { Requests } from "./requests.tsx";

/** The page of the contacts that is open. */
export function ContactsPage({ page, chat }: ChatProps): JSX.Element | null {
  const { page: open = "" } = page.place.address.value;
  const [kind, id] = open.split(":", 2);
  switch (kind) {
    case "add":
      return <AddFriend page={page} chat={chat} />;
    case "requests":
      return <Requests page={page} chat={chat} />;
    case "new-group":
      return <NewGroup page={page} chat={chat} />;
    case "blocked":
      return <Blocked page={page} chat={chat} />;
    case "user":
      return <CardPage key={id} page={page} chat={chat} userId={id ?? ""} />;
    default:
      return null;
  }
}
