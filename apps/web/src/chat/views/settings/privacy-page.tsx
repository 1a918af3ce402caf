import type { Settings } from "@hutong/chat-api";
import type { JSX } from "preact";

import { Choice, Part, Toggle } from "../form-parts.tsx";
import { InnerPage } from "../inner-page.tsx";
import type { ChatProps } from "../props.ts";

const LIMITS = ["0", "1", "3", "10", "unlimited"] as const;

/** Who may write to the user, ask, and see whether the user is there. */
export function PrivacyPage({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const { settings } = chat.me.value;
  const update = (change: Partial<Settings>): void =>
    void page.attempt(async () => chat.putMe(await chat.call("update_settings", change)));
  const limit = (sender: "user" | "visitor"): JSX.Element => (
    <Choice
      label={words.strangerLimit[sender]}
      value={toChoice(settings.strangers[sender])}
      choices={LIMITS.map((value) => [value, words.strangerLimits[value]])}
      onChange={(value) =>
        update({ strangers: { ...settings.strangers, [sender]: value === "unlimited" ? null : Number(value) } })
      }
    />
  );
  return (
    <InnerPage page={page} title={words.privacy}>
      <Part title={words.strangers}>
        {limit("user")}
        {limit("visitor")}
        <p class="hint">{words.strangersHint}</p>
      </Part>
      <Part title={words.friends}>
        <Choice<Settings["addMe"]>
          label={words.addMe}
          value={settings.addMe}
          choices={[
            ["anyone", words.addMes.anyone],
            ["approval", words.addMes.approval],
            ["nobody", words.addMes.nobody],
          ]}
          onChange={(addMe) => update({ addMe })}
        />
        <Toggle
          label={words.showPresence}
          isOn={settings.showPresence}
          onChange={(showPresence) => update({ showPresence })}
        />
      </Part>
    </InnerPage>
  );
}

/** The nearest of the offered limits. */
function toChoice(limit: number | null): (typeof LIMITS)[number] {
  if (limit === null) return "unlimited";
  return LIMITS.find((value) => Number(value) >= limit) ?? "10";
}
