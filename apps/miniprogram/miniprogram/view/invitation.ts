import type { ActionOutput } from "@hutong/chat-api";
import { type Face, faceOf } from "./face";
import type { Naming } from "./names";

/** What an invitation leads to. */
export type Invited = ActionOutput<"get_invite">;

/** The token of an invitation that a scanned or copied text leads to; `""` when it is none. */
export function invitationOf(text: string): string {
  return /\/join\/([\w-]{1,64})(?:[?#]|$)/.exec(text.trim())?.[1] ?? "";
}

/**
 * The token that a page was opened with: by its own name, as the code of a mini-program (`scene`), or as a link that WeChat
 * has scanned (`q`); `""` for none. WeChat gives the last two with the escapes of an address.
 */
export function invitationIn({ token, scene, q }: Readonly<Record<string, string | undefined>>): string {
  if (token !== undefined) return token;
  if (scene !== undefined) return decoded(scene);
  return q === undefined ? "" : invitationOf(decoded(q));
}

/** What the page of an invitation shows. */
export function invitedView(
  { words, picture }: Naming,
  { title, avatar, memberCount, joinMode, isMember }: Invited,
): {
  readonly face: Face;
  readonly title: string;
  readonly policy: string;
  readonly count: string;
  readonly isMember: boolean;
  /** Whether an admin decides, to whom a word can be sent. */
  readonly wantsApproval: boolean;
} {
  const name = title === "" ? words.group : title;
  return {
    face: faceOf(name, avatar === null ? "" : picture(avatar), true),
    title: name,
    policy: words.joinModes[joinMode],
    count: words.memberCount(memberCount),
    isMember,
    wantsApproval: joinMode === "approval" && !isMember,
  };
}

/** The path of a QR code that the server drew, as a picture. */
export function pictureOfSvg(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
