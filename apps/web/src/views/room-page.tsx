import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { PageProps } from "./page-props.ts";
import { Composer } from "./composer.tsx";
import { ConnectionBanner } from "./connection.tsx";
import { MessageLog } from "./message-log.tsx";
import { Refusal } from "./refusal.tsx";
import { RoomHeader } from "./room-header.tsx";
import { SidePanel } from "./side-panel.tsx";

/** The room: messages and composer, with the panel beside them, or over them on a narrow screen. */
export function RoomPage({ page }: PageProps): JSX.Element {
  const [isPanelOpen, setPanelOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const state = page.state.value;
  const closePanel = (): void => {
    setPanelOpen(false);
    opener.current?.focus();
  };
  useEffect(() => {
    setPanelOpen(false);
  }, [page.address.value.room]);
  return (
    <div class="lane" data-view={page.address.value.view} data-panel={isPanelOpen ? "open" : "closed"}>
      <SidePanel page={page} isOpen={isPanelOpen} onClose={closePanel} />
      {isPanelOpen && <div class="panel-veil" onClick={closePanel} />}
      <main class="room" inert={isPanelOpen}>
        <RoomHeader page={page} isPanelOpen={isPanelOpen} onOpenPanel={() => setPanelOpen(true)} opener={opener} />
        <ConnectionBanner page={page} />
        {state.kind === "refused" ? <Refusal page={page} reason={state.reason} /> : <MessageLog page={page} />}
        {state.kind !== "refused" && <Composer page={page} />}
      </main>
    </div>
  );
}
