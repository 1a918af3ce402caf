import type { Role } from "@hutong/chat-api";

const RANKS: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 };

/** Whether a role may do what another one may. */
export function reaches(role: Role, needed: Role): boolean {
  return RANKS[role] >= RANKS[needed];
}

/** Whether a role may decide over a member of another one. */
export function outranks(role: Role, other: Role): boolean {
  return RANKS[role] > RANKS[other];
}
