import type { JSX } from "preact";

import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Gate } from "./gate.tsx";
import type { PageProps } from "./props.ts";
import { Shell } from "./shell.tsx";
import { Toasts } from "./toasts.tsx";

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
