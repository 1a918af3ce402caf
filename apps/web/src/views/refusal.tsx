import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Words } from "../i18n.ts";
import { LOBBY } from "../state/address.ts";
import { type RefusalAdvice, toRefusalAdvice } from "../state/refusal-advice.ts";
import type { PageProps } from "./page-props.ts";
import { Door } from "./icons.tsx";

/** What an operator types to make a token. */
const TOKEN_COMMAND = "npm run token -- --name Ada";

/** Props of {@link Refusal}. */
export interface RefusalProps extends PageProps {
  /** The server's word; `undefined` where the grammar carries none. */
  readonly reason: string | undefined;
}

/** Says why the room stays shut, and what to do about it. */
export function Refusal({ page, reason }: RefusalProps): JSX.Element {
  const words = page.words.value;
  const advice = toRefusalAdvice(reason);
  const needsToken = advice.kind === "bring_token";
  return (
    <section class="refusal" aria-labelledby="refusal-title">
      <Door />
      <h2 id="refusal-title">{words.refusedTitle(page.roomTitle.value)}</h2>
      <p class="refusal-text" role="alert">
        {toText(advice, words)}
      </p>
      {needsToken && <code class="command">{TOKEN_COMMAND}</code>}
      {needsToken && <TokenForm page={page} />}
      {advice.kind === "change_name" && (
        <button type="button" class="button primary" onClick={() => page.exit()}>
          {words.changeName}
        </button>
      )}
      {page.address.value.room !== LOBBY && (
        <button type="button" class="text-button" onClick={() => page.goToRoom(LOBBY)}>
          {words.backToLobby}
        </button>
      )}
      {reason !== undefined && (
        <p class="refusal-reason">
          {words.reason} <code>{reason}</code>
        </p>
      )}
    </section>
  );
}

function TokenForm({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const [token, setToken] = useState("");
  const knock = (event: Event): void => {
    event.preventDefault();
    page.goToRoom(page.address.value.room, token.trim());
  };
  return (
    <form class="token-form" onSubmit={knock}>
      <input
        class="input"
        type="password"
        aria-label={words.token}
        placeholder={words.token}
        autoComplete="off"
        required
        value={token}
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      <button type="submit" class="button primary" disabled={token.trim() === ""}>
        {words.tryToken}
      </button>
    </form>
  );
}

function toText(advice: RefusalAdvice, words: Words): string {
  if (advice.kind === "unknown") return words.otherRefusalText(advice.reason);
  if (advice.kind === "change_name") return words.invalidParamsText;
  const texts = {
    unauthorized: words.unauthorizedText,
    token_expired: words.tokenExpiredText,
    token_invalid: words.tokenInvalidText,
    unsaid: words.rejectedText,
  };
  return texts[advice.because];
}
