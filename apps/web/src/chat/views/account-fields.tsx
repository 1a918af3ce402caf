import type { JSX } from "preact";

import { Field } from "./form-parts.tsx";
import type { PageProps } from "./props.ts";

/** Props of {@link UsernameField} and {@link PasswordField}. */
export interface AccountFieldProps extends PageProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Whether it is chosen now, and has to keep the rules. */
  readonly isNew: boolean;
}

/** The name that somebody signs in with. */
export function UsernameField({ page, value, onInput, isNew }: AccountFieldProps): JSX.Element {
  const { username, usernameRule } = page.words.value;
  return (
    <Field
      label={username}
      value={value}
      onInput={onInput}
      hint={isNew ? usernameRule : undefined}
      input={{
        name: "username",
        autoComplete: "username",
        autoCapitalize: "none",
        spellcheck: false,
        required: true,
        autoFocus: true,
        ...(isNew && { pattern: "[A-Za-z0-9_]{4,20}", title: usernameRule }),
      }}
    />
  );
}

/** A password, under another `label` where there are two. */
export function PasswordField({
  page,
  label,
  value,
  onInput,
  isNew,
}: AccountFieldProps & { readonly label?: string }): JSX.Element {
  const words = page.words.value;
  return (
    <Field
      label={label ?? words.password}
      value={value}
      onInput={onInput}
      hint={isNew ? words.passwordRule : undefined}
      input={{
        name: isNew ? "new-password" : "password",
        type: "password",
        autoComplete: isNew ? "new-password" : "current-password",
        required: true,
        ...(isNew && { minLength: 8, maxLength: 128 }),
      }}
    />
  );
}
