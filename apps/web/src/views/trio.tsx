import type { JSX } from "preact";

import { CLIENT_NAMES } from "../clients/room-client.ts";
import { toSearch } from "../state/address.ts";
import type { PageProps } from "./page-props.ts";
import { CLIENT_LABELS } from "./avatar.tsx";
import { Icon, Mark } from "./icons.tsx";
import { PreferenceSwitches } from "./switches.tsx";

/** Three frames of this page in one room, each with another client and another name. */
export function Trio({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const { room } = page.address.value;
  return (
    <div class="trio">
      <header class="trio-top">
        <Mark />
        <div class="trio-words">
          <h1>{words.trioTitle}</h1>
          <p>{words.trioText}</p>
        </div>
        <PreferenceSwitches preferences={page.preferences} words={page.words.value} />
        <a class="button quiet" href={`/lobby${toSearch({ ...page.address.value, view: "page" })}`}>
          {words.leaveTrio}
        </a>
      </header>
      <main class="trio-frames">
        {CLIENT_NAMES.map((client, index) => (
          <iframe
            key={client}
            title={CLIENT_LABELS[client]}
            src={`/lobby${toSearch({ view: "embedded", client, room, name: words.trioNames[index] })}`}
          />
        ))}
      </main>
    </div>
  );
}

/** The link to {@link Trio}, in the current room. */
export function TrioLink({ page }: PageProps): JSX.Element {
  return (
    <a
      class="trio-link"
      href={`/lobby${toSearch({ ...page.address.value, view: "trio", client: "hutong", name: undefined })}`}
    >
      <Icon name="columns" />
      {page.words.value.openTrio}
    </a>
  );
}
