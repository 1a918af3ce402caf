/** Somebody who can be mentioned. */
export interface MentionPerson {
  readonly userId: string;
  readonly name: string;
  /** Id of a file. */
  readonly picture: string | null;
}

/** What is typed after an "@" up to the caret; `undefined` where no name is being typed. */
export function toMentionQuery(beforeCaret: string): string | undefined {
  // An "@" inside a word is part of an e-mail address; Chinese text has no spaces before it.
  return /(?:^|[^\w.@])@([^@\s]{0,20})$/u.exec(beforeCaret)?.[1];
}

/** Who fits: names that begin with the query first. */
export function findMentions(people: readonly MentionPerson[], query: string): readonly MentionPerson[] {
  const wanted = query.toLocaleLowerCase();
  const places = people.map((person) => ({ person, at: person.name.toLocaleLowerCase().indexOf(wanted) }));
  return places
    .filter(({ at }) => at >= 0)
    .sort((left, right) => Number(left.at > 0) - Number(right.at > 0))
    .map(({ person }) => person);
}
