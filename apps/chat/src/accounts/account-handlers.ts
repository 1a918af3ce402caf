import type { accountActions } from "@hutong/chat-api";
import type { Handlers } from "../api/handlers.ts";
import type { AccountParts } from "./account-parts.ts";
import { peopleHandlers } from "./people-handlers.ts";
import { profileHandlers } from "./profile-handlers.ts";
import { sessionHandlers } from "./session-handlers.ts";
import { signInHandlers } from "./sign-in-handlers.ts";

/** Answers the actions of accounts. */
export function accountHandlers(parts: AccountParts): Handlers<keyof typeof accountActions> {
  return { ...signInHandlers(parts), ...sessionHandlers(parts), ...profileHandlers(parts), ...peopleHandlers(parts) };
}
