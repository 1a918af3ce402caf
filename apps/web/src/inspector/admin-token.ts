import { keep, readKept } from "../kept-text.ts";

const KEY = "hutong.admin-token";

/** The admin token of this tab; it goes when the tab goes. */
export function readAdminToken(): string | undefined {
  return readKept("sessionStorage", KEY);
}

/** Keeps the admin token in this tab. */
export function keepAdminToken(token: string): void {
  keep("sessionStorage", KEY, token);
}
