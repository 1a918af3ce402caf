import type { Transaction } from "kysely";
import type { SessionRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Why a session ended, as its client is told. */
export type EndReason = Exclude<SessionRow["revoked_reason"], "">;

/** Which sessions of a user. */
export type WhichSessions =
  | { readonly kind: "all" }
  | { readonly kind: "one"; readonly sessionId: string }
  | { readonly kind: "others"; readonly sessionId: string }
  /** Of a device, and of a platform where one is given. */
  | { readonly kind: "device"; readonly deviceKey: string; readonly platform?: string };

/** What {@link endSessions} ends. */
export interface EndSessions {
  readonly userId: string;
  readonly which: WhichSessions;
  readonly reason: EndReason;
  readonly at: number;
}

/**
 * Ends living sessions of a user and says how many. Their tokens are refused from the commit on; their connections end
 * when the next look of the `RevocationWatch` finds them.
 */
export async function endSessions(
  transaction: Transaction<Tables>,
  { userId, which, reason, at }: EndSessions,
): Promise<number> {
  const { numUpdatedRows } = await transaction
    .updateTable("sessions")
    .set({ revoked_at: at, revoked_reason: reason })
    .where("user_id", "=", userId)
    .where("revoked_at", "=", 0)
    .where((eb) => {
      switch (which.kind) {
        case "all":
          return eb.and([]);
        case "one":
          return eb("id", "=", which.sessionId);
        case "others":
          return eb("id", "<>", which.sessionId);
        case "device": {
          const isDevice = eb("device_key", "=", which.deviceKey);
          return which.platform === undefined ? isDevice : eb.or([isDevice, eb("platform", "=", which.platform)]);
        }
        default:
          return which satisfies never;
      }
    })
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
