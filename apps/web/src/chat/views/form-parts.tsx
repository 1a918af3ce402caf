import type { ComponentChildren, InputHTMLAttributes, JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

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

/** Props of {@link Toggle}. */
export interface ToggleProps {
  readonly label: string;
  readonly hint?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A setting that is on or off. */
export function Toggle({ label, hint, isOn, onChange }: ToggleProps): JSX.Element {
  return (
    <label class="toggle">
      <span>
        {label}
        {hint !== undefined && <span class="hint">{hint}</span>}
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={(event) => {
          const { checked } = event.currentTarget;
          // What is shown is what the server has said.
          event.currentTarget.checked = isOn;
          onChange(checked);
        }}
      />
    </label>
  );
}

/** Props of {@link Choice}. */
export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** A setting with a few values. */
export function Choice<T extends string>({ label, hint, value, choices, onChange }: ChoiceProps<T>): JSX.Element {
  return (
    <label class="toggle">
      <span>
        {label}
        {hint !== undefined && <span class="hint">{hint}</span>}
      </span>
      <select
        class="input select"
        value={value}
        onChange={(event) => {
          const next = choices.find(([name]) => name === event.currentTarget.value);
          if (next !== undefined) onChange(next[0]);
        }}
      >
        {choices.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Props of {@link EditableText}. */
export interface EditableTextProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly placeholder?: string;
  readonly isLong?: boolean;
  readonly save: string;
  /** Resolves with whether it was kept. */
  readonly onSave: (value: string) => Promise<boolean>;
}

/** A text that is changed in place: a button appears once it differs. */
export function EditableText({
  label,
  value,
  maxLength,
  placeholder,
  isLong = false,
  save,
  onSave,
}: EditableTextProps): JSX.Element {
  const [text, setText] = useState(value);
  // With the field itself, not a frame later: what is typed at once is not to be taken back.
  useLayoutEffect(() => setText(value), [value]);
  const submit = (event: Event): void => {
    event.preventDefault();
    void onSave(text.trim());
  };
  const shared = { class: "input", value: text, maxLength, placeholder };
  return (
    <form class="field editable" onSubmit={submit}>
      <label class="field">
        <span class="field-label">{label}</span>
        {isLong ? (
          <textarea {...shared} rows={3} onInput={(event) => setText(event.currentTarget.value)} />
        ) : (
          <input {...shared} onInput={(event) => setText(event.currentTarget.value)} />
        )}
      </label>
      {text.trim() !== value && (
        <button type="submit" class="button small">
          {save}
        </button>
      )}
    </form>
  );
}

/** Props of {@link Part}. */
export interface PartProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A titled part of a page or panel. */
export function Part({ title, children }: PartProps): JSX.Element {
  return (
    <section class="part" aria-label={title}>
      <h2 class="part-title">{title}</h2>
      <div class="part-box">{children}</div>
    </section>
  );
}
