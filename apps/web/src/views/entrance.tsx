import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { LOBBY } from "../state/address.ts";
import { MAX_NICKNAME_LENGTH, toNickname } from "../state/draft.ts";
import type { PageProps } from "./page-props.ts";
import { Mark } from "./icons.tsx";
import { ClientSwitch, PreferenceSwitches } from "./switches.tsx";
import { TrioLink } from "./trio.tsx";

/** The gate in the wall: asks for a name, and goes in. */
export function Entrance({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  return (
    <div class="entrance">
      <header class="entrance-top">
        <PreferenceSwitches preferences={page.preferences} words={page.words.value} />
      </header>
      <main class="gate">
        <div class="gate-inside">
          <Mark />
          <h1 class="brand">
            Hutong <span lang="zh-CN">胡同</span>
          </h1>
          <p class="tagline">{words.tagline}</p>
          <NameForm page={page} />
          <TrioLink page={page} />
        </div>
      </main>
    </div>
  );
}

function NameForm({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const [name, setName] = useState(page.preferences.nickname.value);
  const { room } = page.address.value;
  const enter = (event: Event): void => {
    event.preventDefault();
    page.enter(name);
  };
  return (
    <form class="name-form" onSubmit={enter}>
      <label class="field">
        <span class="field-label">{words.yourName}</span>
        <input
          class="input"
          value={name}
          placeholder={words.namePlaceholder}
          maxLength={MAX_NICKNAME_LENGTH}
          autoComplete="nickname"
          autoFocus
          required
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <ClientSwitch page={page} />
      <button type="submit" class="button primary" disabled={toNickname(name) === ""}>
        {words.enter}
        {room !== LOBBY && <span class="button-room">{room}</span>}
      </button>
    </form>
  );
}
