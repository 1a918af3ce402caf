import { isRecord } from "../is-record.ts";
import { isClientName, type Member, type RoomMessage } from "./room-client.ts";

/** Reads the payload of a `new_msg` broadcast; `undefined` when it is not one. */
export function readMessage(payload: unknown): RoomMessage | undefined {
  if (!isRecord(payload)) return undefined;
  const { id, from, body, at } = payload;
  if (typeof id !== "string" || typeof from !== "string" || typeof body !== "string") return undefined;
  return { id, from, body, atMs: typeof at === "number" ? at : 0 };
}

/** Reads a text member of a reply, for example `id` or `reason`. */
export function readText(response: unknown, name: string): string | undefined {
  const value = isRecord(response) ? response[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** The entries of a topic's presence: member id → metas. */
export type PresenceEntries = ReadonlyMap<string, readonly unknown[]>;

/** Turns presence entries into members, earliest first. `isSelf` says which ones are this page. */
export function toMembers(entries: PresenceEntries, isSelf: (member: Member) => boolean): readonly Member[] {
  const members: Member[] = [];
  for (const [key, metas] of entries) {
    const meta = metas.find(isRecord);
    const nickname = readText(meta, "nickname");
    if (meta === undefined || nickname === undefined) continue;
    const { client, at } = meta;
    const member = {
      key,
      nickname,
      client: isClientName(client) ? client : undefined,
      atMs: typeof at === "number" ? at : 0,
      isSelf: false,
    };
    members.push({ ...member, isSelf: isSelf(member) });
  }
  return members.toSorted((left, right) => left.atMs - right.atMs || left.nickname.localeCompare(right.nickname));
}
