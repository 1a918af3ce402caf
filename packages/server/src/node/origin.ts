/**
 * Which pages may connect. Browsers name the page in the `Origin` header; requests
 * without one come from programs and pass.
 *
 * - `"same_host"`: pages of the host and port that the request was sent to.
 * - `"any"`: every page.
 * - a list of `"https://example.com"`, `"//example.com"` (any scheme and port), `"//example.com:888"` or
 *   `"//*.example.com"` (the host itself and its subdomains).
 * - a function that decides; origins that are no URL are refused before.
 */
export type OriginPolicy = "same_host" | "any" | readonly string[] | ((origin: URL) => boolean);

/** Tells whether a request with this `Origin` header passes. Throws only what a function of the application throws. */
export function isOriginAllowed(policy: OriginPolicy, origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || policy === "any") return true;
  // What nearly every browser sends: what follows would parse one text twice, and find that it is the same.
  if (policy === "same_host" && (origin === `https://${host}` || origin === `http://${host}`))
    return !origin.includes(",") && URL.canParse(origin);
  const url = parse(origin);
  if (url === undefined) return false;
  // The host is read as if it had the origin's scheme, so that a port that goes without saying may be said.
  if (policy === "same_host") return parse(`${url.protocol}//${host ?? ""}`)?.host === url.host;
  if (typeof policy === "function") return policy(url);
  return policy.some((rule) => matches(rule, url));
}

function parse(origin: string): URL | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url === undefined || url.host === "" || origin.includes(",") ? undefined : url;
}

function matches(rule: string, origin: URL): boolean {
  const isWildcard = rule.includes("//*.");
  const text = rule.replace("//*.", "//");
  const isAnyScheme = text.startsWith("//");
  const allowed = parse(isAnyScheme ? `${origin.protocol}${text}` : text);
  if (allowed === undefined || allowed.protocol !== origin.protocol) return false;
  const namesPort = !isAnyScheme || /:\d+$/.test(text);
  if (namesPort && allowed.port !== origin.port) return false;
  return origin.hostname === allowed.hostname || (isWildcard && origin.hostname.endsWith(`.${allowed.hostname}`));
}
