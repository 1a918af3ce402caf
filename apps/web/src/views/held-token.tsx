import type { JSX } from "preact";

import type { PageProps } from "./page-props.ts";

/** Says that the tab holds a token, and takes it away. */
export function HeldToken({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  return (
    <p class="hint">
      {words.tokenHeld}{" "}
      <button type="button" class="text-button" onClick={() => page.forgetToken()}>
        {words.forgetToken}
      </button>
    </p>
  );
}
