import { isLoopback } from "../operations/admin-config.ts";

/** What proxies add. Behind one, a loopback address is everyone's. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/**
 * Tells whether a request asks this machine by its own name, for itself. A page of elsewhere whose name was made to
 * point here still asks by that name, and other sites' scripts say that they are another site.
 */
export function isLocalRequest(header: (name: string) => string | undefined): boolean {
  const site = header("sec-fetch-site");
  const isOwn = site === undefined || site === "same-origin" || site === "none";
  return isOwn && isLoopback(hostName(header("host"))) && PROXY_HEADERS.every((name) => header(name) === undefined);
}

function hostName(host: string | undefined): string {
  const url = `http://${host ?? ""}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
}
