import type { JSX } from "preact";

/** Props of {@link QueueBar}. */
export interface QueueBarProps {
  readonly bytes: number;
  /** More closes the connection. */
  readonly maxBytes: number;
  /** The bytes with their unit. */
  readonly text: string;
}

/** Share of the limit from which broadcasts are held back. */
const LAG_SHARE = 0.25;

/** How full a connection's queue is. */
export function QueueBar({ bytes, maxBytes, text }: QueueBarProps): JSX.Element {
  const share = Math.min(1, bytes / maxBytes);
  const level = bytes === 0 ? "empty" : share >= LAG_SHARE ? "high" : "some";
  return (
    <span class="queue" data-level={level}>
      <svg class="queue-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="queue-track" width="100" height="4" />
        <rect class="queue-fill" width={bytes === 0 ? 0 : Math.max(2, share * 100)} height="4" />
      </svg>
      <span>{text}</span>
    </span>
  );
}
