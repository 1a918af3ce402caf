import type { JSX } from "preact";

import { Gate } from "./gate.tsx";
import { ConfirmDialog, Toasts } from "./notices.tsx";
import type { PageProps } from "./props.ts";
import { Shell } from "./shell.tsx";

/** The whole page: the gate, or the chat of who is signed in. */
export function App({ page }: PageProps): JSX.Element {
  const chat = page.chat.value;
  return (
    <>
      {chat === undefined ? <Gate page={page} /> : <Shell key={chat.userId} page={page} chat={chat} />}
      <Toasts page={page} />
      <ConfirmDialog page={page} />
    </>
  );
}
