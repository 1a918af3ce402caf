import type { Kysely } from "kysely";
import { memberIds } from "../conversations/membership.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Conversations whose members are remembered; beyond it those that were read first are forgotten. */
const MAX_CONVERSATIONS = 5_000;
/** Ids that are remembered, over all conversations. */
const MAX_IDS = 200_000;

interface Remembered {
  readonly version: string;
  readonly ids: readonly string[];
}

/**
 * Whom a message goes to. It is asked for with every message and changes seldom; whoever changes the members counts
 * `meta_seq` up in the same transaction, which the conversation's row shows to every process.
 */
export class MemberCache {
  readonly #remembered = new Map<string, Remembered>();
  #idCount = 0;

  /** Everyone who is in the conversation; `conversation` as it is in the executor's transaction. */
  async members(executor: Kysely<Tables>, conversation: ConversationRow): Promise<readonly string[]> {
    const { id, meta_seq: metaSeq, member_count: memberCount } = conversation;
    const version = `${metaSeq}:${memberCount}`;
    const remembered = this.#remembered.get(id);
    if (remembered?.version === version) return remembered.ids;
    const ids = await memberIds(executor, id);
    this.#forget(id);
    this.#remembered.set(id, { version, ids });
    this.#idCount += ids.length;
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_CONVERSATIONS && this.#idCount <= MAX_IDS) break;
      this.#forget(oldest);
    }
    return ids;
  }

  #forget(id: string): void {
    this.#idCount -= this.#remembered.get(id)?.ids.length ?? 0;
    this.#remembered.delete(id);
  }
}
