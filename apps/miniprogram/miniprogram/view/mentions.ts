import type { Conversation, Member, Message } from "@hutong/chat-api";
import type { Face } from "./face";
import { faceOf } from "./face";
import { type Naming, personFace, personName } from "./names";

/** Somebody who can be mentioned. */
export interface MentionLine {
  readonly id: string;
  readonly name: string;
  readonly face: Face;
}

/** The id that stands for everybody. */
export const EVERYBODY = "*";

/** Most people that one message may mention: the server's limit. */
const MAX_MENTIONS = 50;

/** Everybody whom the user can mention: all others, and all of them at once for whoever may. */
export function mentionLines(naming: Naming, members: readonly Member[], view: Conversation): readonly MentionLine[] {
  const others = members
    .filter(({ user }) => user.id !== naming.chat.userId)
    .map(({ user }) => ({ id: user.id, name: personName(naming, user.id), face: personFace(naming, user.id) }));
  if (view.type !== "group" || view.role === "member" || others.length === 0) return others;
  const name = naming.words.labels.everybody;
  return [{ id: EVERYBODY, name, face: faceOf(name, "", true) }, ...others];
}

/** What is typed after an "@" up to the caret; `undefined` where no name is being typed. */
export function mentionQuery(beforeCaret: string): string | undefined {
  // An "@" inside a word is part of an e-mail address; Chinese text has no spaces before it.
  return /(?:^|[^\w.@])@([^@\s]{0,20})$/.exec(beforeCaret)?.[1];
}

/** Who fits: names that begin with the query first. */
export function matchMentions(people: readonly MentionLine[], query: string): readonly MentionLine[] {
  const wanted = query.toLowerCase();
  const places = people.map((person) => ({ person, at: person.name.toLowerCase().indexOf(wanted) }));
  return places
    .filter(({ at }) => at >= 0)
    .sort((one, other) => Number(one.at > 0) - Number(other.at > 0))
    .map(({ person }) => person);
}

/** Whom a finished text mentions. Of names that begin alike the longest counts. */
export function mentionedIn(
  text: string,
  people: readonly MentionLine[],
): { readonly mentions: readonly string[]; readonly mentionsAll: boolean } {
  const names = [...new Set(people.map(({ name }) => name))].sort((one, other) => other.length - one.length);
  const found = new Set<string>();
  let rest = text;
  for (const name of names) {
    if (!rest.includes(`@${name}`)) continue;
    found.add(name);
    rest = rest.split(`@${name}`).join(" ");
  }
  const ids = people.filter(({ name }) => found.has(name)).map(({ id }) => id);
  return {
    mentions: ids.filter((id) => id !== EVERYBODY).slice(0, MAX_MENTIONS),
    mentionsAll: ids.includes(EVERYBODY),
  };
}

/** Whether a message of somebody else mentions the user. */
export function isMentioned(userId: string, { senderId, mentions, mentionsAll }: Message): boolean {
  return senderId !== userId && (mentionsAll || mentions.includes(userId));
}
