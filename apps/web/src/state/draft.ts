/** The longest message, in UTF-16 code units as the server counts them. */
export const MAX_BODY_LENGTH = 2_000;
/** The longest nickname. */
export const MAX_NICKNAME_LENGTH = 30;
/** From how many remaining characters on the counter is shown. */
const COUNTER_FROM = 200;

/** What the composer says of a draft. */
export interface DraftCheck {
  /** What would be sent: the draft without surrounding white space. */
  readonly body: string;
  readonly canSend: boolean;
  /** Characters left, negative when over the limit; `undefined` while far from it. */
  readonly remaining: number | undefined;
}

/** Checks a draft against the limits. */
export function checkDraft(draft: string, maxLength = MAX_BODY_LENGTH): DraftCheck {
  const body = draft.trim();
  const remaining = maxLength - body.length;
  return { body, canSend: body !== "" && remaining >= 0, remaining: remaining <= COUNTER_FROM ? remaining : undefined };
}

/** What of a key press the composer looks at. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  /** 229 while an input method owns the key: Safari ends the composition before it reports Enter. */
  readonly keyCode: number;
}

/** Tells whether an input method takes the key press. */
export function isComposing(press: Pick<KeyPress, "isComposing" | "keyCode">): boolean {
  return press.isComposing || press.keyCode === 229;
}

/** Tells whether a key press sends: Enter, unless an input method is choosing a word with it. */
export function isSendKey(press: KeyPress): boolean {
  return press.key === "Enter" && !press.shiftKey && !isComposing(press);
}

/** A nickname as it is sent: no surrounding or repeated white space, at most 30 characters. */
export function toNickname(input: string): string {
  return input.trim().replaceAll(/\s+/gu, " ").slice(0, MAX_NICKNAME_LENGTH).trim();
}

/** A room's name as a topic can carry it (letters, digits, `-`, `_`, `.`); `undefined` when nothing is left of it. */
export function toRoomName(input: string): string | undefined {
  const name = input
    .trim()
    .replace(/^room:/u, "")
    .replaceAll(/\s+/gu, "-")
    .replaceAll(/[^\w.-]/gu, "")
    .slice(0, 60);
  return name === "" ? undefined : name;
}
