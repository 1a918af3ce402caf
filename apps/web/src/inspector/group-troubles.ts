import type { Trouble } from "@hutong/chat-api";

/** Troubles that repeat each other. */
export interface TroubleGroup {
  readonly latest: Trouble;
  /** Stays the same while the group grows. */
  readonly firstId: number;
  /** How many they are. */
  readonly times: number;
}

/** Takes neighbours together that say the same of the same connection. The newest come first, as they are given. */
export function groupTroubles(troubles: readonly Trouble[]): readonly TroubleGroup[] {
  const groups: TroubleGroup[] = [];
  for (const trouble of troubles) {
    const last = groups.at(-1);
    if (last === undefined || textOf(last.latest) !== textOf(trouble))
      groups.push({ latest: trouble, firstId: trouble.id, times: 1 });
    else groups[groups.length - 1] = { latest: last.latest, firstId: trouble.id, times: last.times + 1 };
  }
  return groups;
}

function textOf({ kind, place, reason, connectionId }: Trouble): string {
  return JSON.stringify([kind, place, reason, connectionId]);
}
