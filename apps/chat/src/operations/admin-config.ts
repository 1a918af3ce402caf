import { MIN_ADMIN_TOKEN_LENGTH } from "./admin-token.ts";

/** Who may look inside the running chat. */
export interface AdminConfig {
  /** Whether there is an inspector: `HUTONG_INSPECTOR`. @defaultValue on for development on a loopback address */
  readonly hasInspector: boolean;
  /** Asked of everyone who looks inside: `HUTONG_ADMIN_TOKEN`. @defaultValue nothing is asked */
  readonly token: string | undefined;
}

/** What {@link readAdminConfig} found. */
export interface AdminReading {
  readonly config: AdminConfig;
  /** What is wrong, as parts of a sentence. They never show the token. */
  readonly problems: readonly string[];
}

/** Reads who may look inside. Without a token only the machine itself may: an inspector shows what people write. */
export function readAdminConfig(environment: Readonly<Record<string, string | undefined>>, host: string): AdminReading {
  const { HUTONG_ADMIN_TOKEN: token } = environment;
  const byDefault = isForDevelopment(environment, host) ? "on" : "off";
  const { HUTONG_INSPECTOR: inspector = byDefault } = environment;
  const isOpenToAll = inspector === "on" && token === undefined && !isLoopback(host);
  const problems = [
    ...(inspector === "on" || inspector === "off" ? [] : [`HUTONG_INSPECTOR is "${inspector}", set on or off`]),
    ...(isOpenToAll ? [`HUTONG_INSPECTOR is on and HOST is "${host}", set HUTONG_ADMIN_TOKEN`] : []),
    ...(token === undefined || isToken(token)
      ? []
      : [`HUTONG_ADMIN_TOKEN is no token, set ${MIN_ADMIN_TOKEN_LENGTH} or more letters and digits, without spaces`]),
  ];
  return { config: { hasInspector: inspector === "on", token }, problems };
}

/** Whether what helps developers is on unless the operator says otherwise: on a loopback address, and not in production. */
export function isForDevelopment(
  { NODE_ENV: mode }: Readonly<Record<string, string | undefined>>,
  host: string,
): boolean {
  return isLoopback(host) && mode !== "production";
}

/** Whether only programs of this machine reach an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A header carries it: printable ASCII without spaces. */
function isToken(text: string): boolean {
  return text.length >= MIN_ADMIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(text);
}
