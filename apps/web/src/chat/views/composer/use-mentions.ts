import type { User } from "@hutong/chat-api";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

import { personName } from "../../page/names.ts";
import type { DeskProps } from "../props.ts";
import { findMentions, type MentionPerson, toMentionQuery } from "./mention-query.ts";

/** The completion of names after an "@". */
export interface MentionCompletion {
  /** Everybody who can be mentioned here. */
  readonly people: readonly MentionPerson[];
  /** Who fits what is being typed; empty while nothing is. */
  readonly matches: readonly MentionPerson[];
  readonly active: number;
  readonly pick: (person: MentionPerson) => void;
  /** Takes arrow keys, Enter, Tab and Escape while names are shown; returns whether it did. */
  readonly handleKey: (event: KeyboardEvent) => boolean;
}

/** The id that stands for everybody. */
export const EVERYBODY = "*";

interface Field {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  /** Where the caret is, in UTF-16 code units. */
  readonly caret: number;
  /** Changes the text and puts the caret there. */
  readonly change: (text: string, caret: number) => void;
}

/** Offers the members of a group after an "@". Direct conversations have nobody to mention. */
export function useMentions(props: DeskProps, { field, text, caret, change }: Field): MentionCompletion {
  const people = usePeople(props);
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState<string | undefined>(undefined);
  const query = people.length === 0 ? undefined : toMentionQuery(text.slice(0, caret));
  const matches = query === undefined || closed === text ? [] : findMentions(people, query).slice(0, 8);
  useLayoutEffect(() => setActive(0), [query]);
  const pick = ({ name }: MentionPerson): void => {
    const before = text.slice(0, caret).replace(/@[^@\s]*$/u, `@${name} `);
    change(before + text.slice(caret), before.length);
    field.current?.focus();
  };
  const handleKey = (event: KeyboardEvent): boolean => {
    if (matches.length === 0 || event.isComposing) return false;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const person = matches[active];
    if (step !== 0) setActive((active + step + matches.length) % matches.length);
    else if (event.key === "Escape") setClosed(text);
    else if ((event.key === "Enter" || event.key === "Tab") && person !== undefined) pick(person);
    else return false;
    event.preventDefault();
    return true;
  };
  return { people, matches, active, pick, handleKey };
}

/** Whom a finished text mentions. */
export function mentionedIn(
  text: string,
  people: readonly MentionPerson[],
): { readonly userIds: readonly string[]; readonly isAll: boolean } {
  const found = people.filter(({ name }) => text.includes(`@${name}`)).map(({ userId }) => userId);
  return { userIds: found.filter((userId) => userId !== EVERYBODY).slice(0, 50), isAll: found.includes(EVERYBODY) };
}

function usePeople({ page, chat, entry }: DeskProps): readonly MentionPerson[] {
  const [members, setMembers] = useState<readonly User[]>([]);
  const { type, metaSeq, role } = entry.view.value;
  useEffect(() => {
    if (type === "direct") return;
    chat.call("list_members", { conversationId: entry.id, limit: 200 }).then(
      (answer) => setMembers(answer.members.map(({ user }) => user)),
      // Without the list there is no completion; the text can still be sent.
      () => undefined,
    );
  }, [entry, metaSeq]);
  const others = members
    .filter(({ id }) => id !== chat.userId)
    .map(({ id, nickname, avatar }) => ({
      userId: id,
      name: chat.book.users.value.has(id) ? personName(chat, id) : nickname,
      picture: avatar,
    }));
  const all = { userId: EVERYBODY, name: page.words.value.everybody, picture: null };
  return role !== "member" && type === "group" && others.length > 0 ? [all, ...others] : others;
}
