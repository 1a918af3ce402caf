import type { Session } from "@hutong/chat-api";
import { codeOf } from "@hutong/chat-client";
import type { InputHTMLAttributes, JSX } from "preact";
import { useState } from "preact/hooks";

import { Mark } from "../../views/icons.tsx";
import { Segments } from "../../views/segments.tsx";
import { PreferenceSwitches } from "../../views/switches.tsx";
import { errorText } from "../page/chat-page.ts";
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
          <Field
            label={words.username}
            value={username}
            onInput={setUsername}
            hint={way === "register" ? words.usernameRule : undefined}
            input={{
              name: "username",
              autoComplete: "username",
              autoCapitalize: "none",
              spellcheck: false,
              required: true,
              autoFocus: true,
              ...(way === "register" && { pattern: "[A-Za-z0-9_]{4,20}", title: words.usernameRule }),
            }}
          />
          <Field
            label={words.password}
            value={password}
            onInput={setPassword}
            hint={way === "register" ? words.passwordRule : undefined}
            input={{
              name: "password",
              type: "password",
              autoComplete: way === "register" ? "new-password" : "current-password",
              required: true,
              ...(way === "register" && { minLength: 8 }),
            }}
          />
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

/** Props of {@link Field}. */
export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string | undefined;
  readonly input?: InputHTMLAttributes;
}

/** A labelled line of text. */
export function Field({ label, value, onInput, hint, input }: FieldProps): JSX.Element {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <input class="input" {...input} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      {hint !== undefined && <span class="hint">{hint}</span>}
    </label>
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
