import type { JSX } from "preact";

const PATHS = {
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  down: "M12 5v14M5.5 12.5 12 19l6.5-6.5",
  menu: "M4 7h16M4 12h16M4 17h10",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  failed: "M12 7v6M12 16.8v.2M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
  sending: "M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
  edit: "M4 20h4L19 9l-4-4L4 16v4z",
  columns: "M4 5h4.5v14H4zM9.8 5h4.5v14H9.8zM15.5 5H20v14h-4.5z",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  light:
    "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  dark: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** A line icon in the colour of its text. Hidden from screen readers: the control around it has the name. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the product: a lantern between two walls. */
export function Mark(): JSX.Element {
  return <img class="mark" src="/mark.svg" alt="" width="32" height="32" />;
}

/** A closed door with its two rings. */
export function Door(): JSX.Element {
  return (
    <svg class="door" viewBox="0 0 120 110" aria-hidden="true">
      <path class="door-roof" d="M6 26 14 12h92l8 14z" />
      <rect class="door-frame" x="16" y="26" width="88" height="78" />
      <rect class="door-leaf" x="24" y="34" width="35" height="70" />
      <rect class="door-leaf" x="61" y="34" width="35" height="70" />
      <circle class="door-ring" cx="52" cy="70" r="4.5" />
      <circle class="door-ring" cx="68" cy="70" r="4.5" />
      <rect class="door-step" x="8" y="104" width="104" height="6" />
    </svg>
  );
}
