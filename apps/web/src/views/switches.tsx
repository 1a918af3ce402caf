import type { JSX } from "preact";

import { CLIENT_NAMES } from "../clients/room-client.ts";
import { type Preferences, THEMES } from "../state/preferences.ts";
import type { PageProps } from "./page-props.ts";
import { CLIENT_LABELS } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import { Segments } from "./segments.tsx";

/** What the switches change, and how they are labelled. */
export interface PreferenceSwitchesProps {
  readonly preferences: Preferences;
  readonly words: {
    readonly theme: string;
    readonly themeSystem: string;
    readonly themeLight: string;
    readonly themeDark: string;
  };
}

/** Chooses the client library that carries the page. */
export function ClientSwitch({ page }: PageProps): JSX.Element {
  return (
    <Segments
      label={page.words.value.client}
      segments={CLIENT_NAMES.map((client) => ({ value: client, label: CLIENT_LABELS[client] }))}
      value={page.address.value.client}
      onChange={(client) => page.useClient(client)}
    />
  );
}

/** Chooses language and appearance, on every page alike. */
export function PreferenceSwitches({ preferences, words }: PreferenceSwitchesProps): JSX.Element {
  const { language, theme } = preferences;
  const labels = { system: words.themeSystem, light: words.themeLight, dark: words.themeDark };
  const other = language.value === "zh" ? "en" : "zh";
  return (
    <div class="switches">
      <Segments
        label={words.theme}
        segments={THEMES.map((name) => ({ value: name, label: labels[name], icon: <Icon name={name} /> }))}
        value={theme.value}
        onChange={(name) => (theme.value = name)}
      />
      <button
        type="button"
        class="button quiet"
        lang={other === "zh" ? "zh-CN" : "en"}
        onClick={() => (language.value = other)}
      >
        {other === "zh" ? "中文" : "English"}
      </button>
    </div>
  );
}
