/** What {@link baseAddress} looks at: headers by their lower-case names. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * Where a client reaches this server, without a final slash: the operator's word, or else the address that the client
 * asked for. A client that lies in its headers is given a wrong address, and nobody else is.
 */
export function baseAddress(publicUrl: string | undefined, header: HeaderOf): string {
  if (publicUrl !== undefined) return publicUrl;
  const scheme = header("x-forwarded-proto") === "https" ? "https" : "http";
  const host = header("host") ?? "localhost";
  return /^[\w.:[\]-]{1,255}$/.test(host) ? `${scheme}://${host}` : `${scheme}://localhost`;
}
