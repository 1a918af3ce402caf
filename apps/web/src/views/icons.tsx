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
  chats: "M4 5h16v11H9.5L5 20v-4H4z",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.4a3.5 3.5 0 0 1 0 6.2M18 14.6c2.2.8 3.5 2.7 3.5 5.4",
  person: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c0-4 3.3-6.5 7.5-6.5s7.5 2.5 7.5 6.5",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM9 14.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.3 15.3 20 20",
  plus: "M12 5v14M5 12h14",
  back: "M19 12H5M11 5.5 4.5 12l6.5 6.5",
  more: "M6 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM18 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
  pin: "M9 4h6l-.8 6.2 2.8 2.8v1.5H7V13l2.8-2.8zM12 14.5V20",
  mute: "M6.5 9.5a5.5 5.5 0 0 1 9-4.2M17.5 10c0 5 1.5 6 1.5 6H8M6.4 11C6.2 15 5 16 5 16M10 19.5a2.2 2.2 0 0 0 4 0M4 4l16 16",
  bell: "M6.5 10a5.5 5.5 0 0 1 11 0c0 5 1.5 6 1.5 6H5s1.5-1 1.5-6zM10 19.5a2.2 2.2 0 0 0 4 0",
  unread: "M4 6h10M4 12h16M4 18h12M18.5 4.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  hide: "M4 12s3-6 8-6 8 6 8 6-3 6-8 6-8-6-8-6zM5 19 19 5",
  reply: "M9.5 6 4 11.5 9.5 17M4.5 11.5H14c3.6 0 6 2.2 6 6.5",
  forward: "M14.5 6 20 11.5 14.5 17M19.5 11.5H10c-3.6 0-6 2.2-6 6.5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  smile: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM8.5 14.2c.8 1.3 2 2 3.5 2s2.7-.7 3.5-2M9 9.500v.5M15 9.500v.5",
  like: "M8 11v8.500M8 11l3.5-7c1.5 0 2.3 1 2 2.500L13 9.500h5a1.8 1.8 0 0 1 1.8 2.200l-1.3 6.200a2 2 0 0 1-2 1.600H8M8 11H4.500v8.500H8",
  choose: "M4 6.5 6 8.5 9.5 5M4 16l2 2 3.5-3.500M13 7h7M13 17h7",
  recall: "M9 6 4.5 10.5 9 15M5 10.500h8.500a5 5 0 0 1 0 10H10",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.5 11v5M13.5 11v5",
  file: "M6 3.500h8l4 4v13H6zM13.5 3.500V8H18",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9h.01",
  place:
    "M12 21s6.5-6.3 6.5-11a6.5 6.5 0 1 0-13 0c0 4.7 6.5 11 6.5 11zM12 7.700a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.600z",
  play: "M8 5.500v13l10.5-6.500z",
  pause: "M8.5 5.500v13M15.5 5.500v13",
  microphone:
    "M12 3.500a2.8 2.8 0 0 1 2.8 2.800v5.200a2.8 2.8 0 1 1-5.6 0V6.300A2.8 2.8 0 0 1 12 3.500zM6 11.500a6 6 0 0 0 12 0M12 17.500v3",
  checks: "M2.5 12.8 6.7 17 14.5 8M11 16.200l.8.800L21 8",
  board: "M5 9.500v5h3l7 4v-13l-7 4zM18 9.500c1 .6 1.5 1.4 1.5 2.500s-.5 1.9-1.5 2.5",
  clip: "M18.5 11.5 12 18a4.2 4.2 0 0 1-6-6l7.5-7.500a2.8 2.8 0 0 1 4 4L10 16a1.4 1.4 0 0 1-2-2l6.5-6.5",
  star: "M12 4l2.4 5.2 5.6.7-4.1 3.9 1.1 5.7-5-2.8-5 2.8 1.1-5.700L4 9.900l5.6-.7z",
  link: "M10 14a4 4 0 0 0 6 .4l2.5-2.500a4 4 0 0 0-5.7-5.700L11.5 7.500M14 10a4 4 0 0 0-6-.4L5.5 12a4 4 0 0 0 5.7 5.700l1.3-1.3",
  device: "M4 5h16v10.500H4zM9 19.500h6M12 15.500v4",
  lock: "M6.5 11h11v9h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  shield: "M12 3.5 5 6v5.500c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z",
  door: "M6 20.500v-17h9v17M15 5.500l3.5 1.500v12L15 20.500M12 12h.01M4 20.500h16",
  chevron: "M9.5 6l6 6-6 6",
  zoomIn: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.3 15.3 20 20M10.5 7.500v6M7.5 10.500h6",
  zoomOut: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.3 15.3 20 20M7.5 10.500h6",
  download: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
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
