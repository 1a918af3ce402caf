const KEY = "hutong.admin-token";

/** The admin token of this tab; it goes when the tab goes. */
export function readAdminToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** Keeps the admin token in this tab. */
export function keepAdminToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}
