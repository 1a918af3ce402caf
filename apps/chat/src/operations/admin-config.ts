import type { EnvironmentReader } from "../environment.ts";
import { MIN_ADMIN_TOKEN_LENGTH } from "./admin-token.ts";

/** Who may look inside the running chat. */
export interface AdminConfig {
  /** Whether there is an inspector: `HUTONG_INSPECTOR`. @defaultValue on for development on a loopback address */
  readonly hasInspector: boolean;
  /** Asked of everyone who looks inside: `HUTONG_ADMIN_TOKEN`. @defaultValue nothing is asked */
  readonly token: string | undefined;
}

/**
 * Reads who may look inside. Without a token only the machine itself may: an inspector shows what people write. What is
 * told of a problem never shows the token.
 */
export function readAdminConfig(reader: EnvironmentReader, host: string): AdminConfig {
  const token = reader.given("HUTONG_ADMIN_TOKEN");
  const hasInspector = reader.isOn("HUTONG_INSPECTOR", isForDevelopment(reader, host));
  if (hasInspector && token === undefined && !isLoopback(host))
    reader.problems.push(`HUTONG_INSPECTOR is on and HOST is "${host}", set HUTONG_ADMIN_TOKEN`);
  if (token !== undefined && !isToken(token))
    reader.problems.push(
      `HUTONG_ADMIN_TOKEN is no token, set ${MIN_ADMIN_TOKEN_LENGTH} or more letters and digits, without spaces`,
    );
  return { hasInspector, token };
}

/**
 * Whether what helps developers is on unless the operator says otherwise: on a loopback address, not in production, and not
 * where a proxy is spoken of, through which everybody comes from this machine.
 */
export function isForDevelopment(reader: EnvironmentReader, host: string): boolean {
  const isPublished = ["HUTONG_PUBLIC_URL", "HUTONG_TRUSTED_PROXIES"].some(
    (name) => reader.optional(name) !== undefined,
  );
  return isLoopback(host) && !isPublished && reader.given("NODE_ENV") !== "production";
}

/** Whether only programs of this machine reach an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A header carries it: printable ASCII without spaces. */
function isToken(text: string): boolean {
  return text.length >= MIN_ADMIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(text);
}
