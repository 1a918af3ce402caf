import type { JSX } from "preact";

import type { ClientName } from "../clients/room-client.ts";
import { hueOf, letterOf } from "../state/identity.ts";

/** A name's first letter on the name's colour. */
export function Avatar({ name }: { readonly name: string }): JSX.Element {
  return (
    <span class="avatar" style={{ "--hue": String(hueOf(name)) }} aria-hidden="true">
      {letterOf(name)}
    </span>
  );
}

/** The names of the client libraries for people; they are proper names in every language. */
export const CLIENT_LABELS: Readonly<Record<ClientName, string>> = {
  hutong: "Hutong",
  phoenix: "Phoenix",
  action_cable: "Action Cable",
};

/** Says which client library a member uses. */
export function ClientBadge({ client }: { readonly client: ClientName }): JSX.Element {
  return (
    <span class="badge" data-client={client}>
      {CLIENT_LABELS[client]}
    </span>
  );
}
