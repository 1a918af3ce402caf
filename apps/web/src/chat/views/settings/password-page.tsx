import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { PasswordField, UsernameField } from "../account-fields.tsx";
import { InnerPage } from "../inner-page.tsx";
import type { ChatProps } from "../props.ts";

/** Changes the password; every other device is signed out. */
export function PasswordPage({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [oldPassword, setOld] = useState("");
  const [newPassword, setNew] = useState("");
  const change = async (event: Event): Promise<void> => {
    event.preventDefault();
    const isDone = await page.attempt(() => chat.call("change_password", { oldPassword, newPassword }));
    if (!isDone) return;
    setOld("");
    setNew("");
    page.notices.say(words.passwordChanged);
  };
  return (
    <InnerPage page={page} title={words.changePassword}>
      <form class="stack" onSubmit={(event) => void change(event)}>
        <input type="hidden" autoComplete="username" value={chat.me.value.username ?? ""} />
        <PasswordField page={page} label={words.oldPassword} value={oldPassword} onInput={setOld} isNew={false} />
        <PasswordField page={page} label={words.newPassword} value={newPassword} onInput={setNew} isNew />
        <button type="submit" class="button primary">
          {words.changePassword}
        </button>
        <p class="hint">{words.passwordHint}</p>
      </form>
    </InnerPage>
  );
}

/** Makes a user of a visitor; everything that was said stays. */
export function UpgradePage({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const upgrade = async (event: Event): Promise<void> => {
    event.preventDefault();
    await page.attempt(async () => {
      chat.putMe(await chat.call("upgrade_visitor", { username: username.trim(), password }));
      await chat.contacts.load();
      page.notices.say(words.upgraded);
      page.place.goTo({ tab: "settings", page: "profile" }, "replace");
    });
  };
  return (
    <InnerPage page={page} title={words.upgrade}>
      <form class="stack" onSubmit={(event) => void upgrade(event)}>
        <p>{words.upgradeText}</p>
        <UsernameField page={page} value={username} onInput={setUsername} isNew />
        <PasswordField page={page} value={password} onInput={setPassword} isNew />
        <button type="submit" class="button primary">
          {words.upgrade}
        </button>
      </form>
    </InnerPage>
  );
}
