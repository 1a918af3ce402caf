import type { FriendRequest } from "@hutong/chat-api";
import type { Kysely } from "kysely";
import { readUsers } from "../accounts/profiles.ts";
import type { Tables } from "../storage/tables.ts";
import { FRIEND_LIMITS } from "./friend-limits.ts";
import { byId, friendRequestView } from "./friend-views.ts";

/** One page of somebody's requests. */
export interface RequestPage {
  readonly userId: string;
  readonly direction: "incoming" | "outgoing";
  /** Only requests that are older than this one. */
  readonly before: string | undefined;
  readonly at: number;
}

/** Requests, the latest first, and how many of that direction wait for an answer. */
export async function listRequests(
  executor: Kysely<Tables>,
  page: RequestPage,
): Promise<{ requests: FriendRequest[]; pending: number; more: boolean }> {
  const { userId, direction, before, at } = page;
  const rows = await executor
    .selectFrom("friend_requests")
    .selectAll()
    .where(direction === "incoming" ? "to_id" : "from_id", "=", userId)
    .$if(before !== undefined, (query) => query.where("id", "<", before ?? ""))
    .orderBy("id", "desc")
    .limit(FRIEND_LIMITS.requestPage + 1)
    .execute();
  const shown = rows.slice(0, FRIEND_LIMITS.requestPage);
  const users = byId(
    await readUsers(
      executor,
      shown.flatMap((row) => [row.from_id, row.to_id]),
    ),
  );
  return {
    requests: shown.map((row) => friendRequestView(row, { viewerId: userId, users, at })),
    pending: await countPending(executor, page),
    more: rows.length > shown.length,
  };
}

async function countPending(executor: Kysely<Tables>, { userId, direction, at }: RequestPage): Promise<number> {
  const isIncoming = direction === "incoming";
  const { count } = await executor
    .selectFrom("friend_requests")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where(isIncoming ? "to_id" : "from_id", "=", userId)
    // Who asks is not told that the other one ignores it.
    .where("state", "in", isIncoming ? ["pending"] : ["pending", "ignored"])
    .where("created_at", ">", at - FRIEND_LIMITS.requestLifeMs)
    .executeTakeFirstOrThrow();
  return count;
}
