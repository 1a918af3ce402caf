import type { Session } from "@hutong/chat-api";
import { codeOf } from "@hutong/chat-client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Mark } from "../../views/icons.tsx";
import { Segments } from "../../views/segments.tsx";
import { PreferenceSwitches } from "../../views/switches.tsx";
import { errorText } from "../page/chat-page.ts";
import { PasswordField, UsernameField } from "./account-fields.tsx";
import { Field } from "./form-parts.tsx";
import type { PageProps } from "./props.ts";

type Way = "visit" | "sign_in" | "register";

/** The gate in the wall: in with an account, with a new one, or just so. */
export function Gate({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const ended = page.session.ended.value;
  const [way, setWay] = useState<Way>(page.preferences.nickname.peek() === "" ? "sign_in" : "visit");
  return (
    <div class="entrance">
      <header class="entrance-top">
        <PreferenceSwitches preferences={page.preferences} words={words} />
      </header>
      <main class="gate gate-tall">
        <div class="gate-inside">
          <Mark />
          <h1 class="brand">
            Hutong <span lang="zh-CN">胡同</span>
          </h1>
          <p class="tagline">{words.tagline}</p>
          {ended !== undefined && (
            <p class="gate-ended" role="alert">
              {words.ended[ended]}
            </p>
          )}
          <Segments
            label={words.wayIn}
            segments={[
              { value: "sign_in", label: words.signIn },
              { value: "register", label: words.register },
              { value: "visit", label: words.visit },
            ]}
            value={way}
            onChange={setWay}
          />
          <GateForm key={way} page={page} way={way} />
        </div>
      </main>
    </div>
  );
}

function GateForm({ page, way }: PageProps & { readonly way: Way }): JSX.Element {
  const words = page.words.value;
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [nickname, setNickname] = useState(way === "visit" ? page.preferences.nickname.peek() : "");
  const { trouble, isBusy, run } = useGate(page);
  const submit = (event: Event): void => {
    event.preventDefault();
    void run(() => {
      const device = page.device();
      const name = nickname.trim();
      const named = name === "" ? {} : { nickname: name };
      if (way === "sign_in") return page.anonymous("sign_in", { username: username.trim(), password, device });
      if (way === "register")
        return page.anonymous("register", { username: username.trim(), password, ...named, device });
      page.preferences.nickname.value = name;
      return page.anonymous("visit", { ...named, device });
    });
  };
  return (
    <form class="name-form" onSubmit={submit}>
      {way !== "visit" && (
        <>
          <UsernameField page={page} value={username} onInput={setUsername} isNew={way === "register"} />
          <PasswordField page={page} value={password} onInput={setPassword} isNew={way === "register"} />
        </>
      )}
      {way !== "sign_in" && (
        <Field
          label={words.nickname}
          value={nickname}
          onInput={setNickname}
          hint={way === "visit" ? words.visitHint : undefined}
          input={{
            name: "nickname",
            autoComplete: "nickname",
            maxLength: 30,
            placeholder: words.nicknamePlaceholder,
            autoFocus: way === "visit",
          }}
        />
      )}
      {trouble !== undefined && (
        <p class="form-trouble" role="alert">
          {trouble}
        </p>
      )}
      <button type="submit" class="button primary" disabled={isBusy}>
        {words.gateButton[way]}
      </button>
    </form>
  );
}

function useGate(page: PageProps["page"]) {
  const [code, setCode] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const run = async (enter: () => Promise<Session>): Promise<void> => {
    setBusy(true);
    try {
      page.session.adopt(await enter());
    } catch (error) {
      setCode(codeOf(error));
    }
    setBusy(false);
  };
  const trouble = code === undefined ? undefined : errorText(page.words.value, code);
  return { trouble, isBusy, run };
}
