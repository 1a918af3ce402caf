import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** One choice of {@link Segments}. */
export interface Segment<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Shown instead of the label, which stays as the accessible name. */
  readonly icon?: ComponentChildren;
}

/** Props of {@link Segments}. */
export interface SegmentsProps<T extends string> {
  /** The accessible name of the group. */
  readonly label: string;
  readonly segments: readonly Segment<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A row of choices, one of them on: native radio buttons underneath, so arrow keys work. */
export function Segments<T extends string>({ label, segments, value, onChange }: SegmentsProps<T>): JSX.Element {
  const name = useId();
  return (
    <div class="segments" role="radiogroup" aria-label={label}>
      {segments.map((segment) => (
        <label
          key={segment.value}
          class="segment"
          data-value={segment.value}
          title={segment.icon === undefined ? undefined : segment.label}
        >
          <input
            type="radio"
            class="visually-hidden"
            name={name}
            value={segment.value}
            aria-label={segment.label}
            checked={segment.value === value}
            onChange={() => onChange(segment.value)}
          />
          {segment.icon ?? segment.label}
        </label>
      ))}
    </div>
  );
}
