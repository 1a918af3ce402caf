import type { JSX } from "preact";

/** Props of {@link SearchField}. */
export interface SearchFieldProps {
  readonly label: string;
  /** Shown while it is empty. @defaultValue the label */
  readonly placeholder?: string;
  readonly query: string;
  readonly onInput: (query: string) => void;
}

/** Where somebody says what a list is searched for; has the focus when it appears in a dialog or panel. */
export function SearchField({ label, placeholder = label, query, onInput }: SearchFieldProps): JSX.Element {
  return (
    <input
      class="input"
      type="search"
      placeholder={placeholder}
      aria-label={label}
      value={query}
      autoFocus
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}
