import type { JSX } from "preact";

import { Entrance } from "./entrance.tsx";
import type { PageProps } from "./page-props.ts";
import { RoomPage } from "./room-page.tsx";
import { Trio } from "./trio.tsx";

/** The whole page: the three side by side, the entrance, or the room. */
export function App({ page }: PageProps): JSX.Element {
  if (page.address.value.view === "trio") return <Trio page={page} />;
  return page.nickname.value === undefined ? <Entrance page={page} /> : <RoomPage page={page} />;
}
