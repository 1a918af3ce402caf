import type { JSX } from "preact";

import { Door } from "../../views/icons.tsx";
import type { InspectorProps } from "./inspector-props.ts";

/** Asks for the admin token, or says why nobody gets in from here. */
export function AdminDoor({ inspector }: InspectorProps): JSX.Element {
  const words = inspector.words.value;
  const access = inspector.access.value;
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const token = new FormData(event.currentTarget).get("token");
    if (typeof token === "string" && token.trim() !== "") inspector.giveToken(token.trim());
  };
  return (
    <main class="admin-door">
      <Door />
      <h2>{words.adminTitle}</h2>
      {access === "not_local" && <p role="alert">{words.notLocal}</p>}
      {access !== "not_local" && (
        <form onSubmit={onSubmit}>
          <p role={access === "wrong_token" ? "alert" : undefined}>
            {access === "wrong_token" ? words.adminWrong : words.adminText}
          </p>
          <label class="field">
            <span class="field-label">{words.adminLabel}</span>
            <input class="input" name="token" type="password" autocomplete="off" spellcheck={false} autofocus />
          </label>
          <button type="submit" class="button primary">
            {words.adminOpen}
          </button>
        </form>
      )}
    </main>
  );
}
