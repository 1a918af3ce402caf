import type { JSX } from "preact";

import { PreferenceSwitches } from "../../../views/switches.tsx";
import { Way } from "../contacts/contacts-pane.tsx";
import { Face } from "../face.tsx";
import { Toggle } from "../form-parts.tsx";
import type { ChatProps } from "../props.ts";

/** What can be set, and the way out. */
export function SettingsPane({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const me = chat.me.value;
  const isVisitor = me.kind === "visitor";
  const signOut = async (): Promise<void> => {
    const text = isVisitor ? words.signOutVisitor : words.signOutText;
    if (await page.notices.ask({ title: words.signOut, text, yes: words.signOut, isGrave: isVisitor }))
      await page.signOut();
  };
  return (
    <>
      <header class="pane-top">
        <h1 class="pane-title">{words.tabs.settings}</h1>
      </header>
      <div class="pane-scroll">
        <button type="button" class="self-card" onClick={() => page.place.goTo({ tab: "settings", page: "profile" })}>
          <Face name={me.nickname} picture={me.avatar} size="large" />
          <span>
            <b>{me.nickname}</b>
            <span class="hint">{isVisitor ? words.visitor : `@${me.username ?? ""}`}</span>
          </span>
        </button>
        {isVisitor && (
          <Way page={page} icon="lock" to="upgrade" tab="settings">
            {words.upgrade}
          </Way>
        )}
        <Way page={page} icon="person" to="profile" tab="settings">
          {words.profile}
        </Way>
        {!isVisitor && (
          <Way page={page} icon="shield" to="privacy" tab="settings">
            {words.privacy}
          </Way>
        )}
        <Way page={page} icon="device" to="devices" tab="settings">
          {words.devices}
        </Way>
        {!isVisitor && (
          <Way page={page} icon="lock" to="password" tab="settings">
            {words.changePassword}
          </Way>
        )}
        <div class="pane-box">
          <PreferenceSwitches preferences={page.preferences} words={words} />
          <Toggle label={words.sound} isOn={page.sound.value} onChange={(isOn) => (page.sound.value = isOn)} />
        </div>
        <div class="pane-links">
          <a href="/lobby">{words.threeClients}</a>
          <a href="/api/docs">{words.apiDocs}</a>
        </div>
        <button type="button" class="button quiet grave pane-out" onClick={() => void signOut()}>
          {words.signOut}
        </button>
      </div>
    </>
  );
}
