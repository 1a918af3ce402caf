/** An address in a style: in quotes, where it may contain anything, or without them. */
const URL_VALUE = /\burl\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s][^()]*?))\s*\)/gi;

/** Puts the address that `resolve` gives in the place of each address of a style. */
export function replaceUrls(text: string, resolve: (address: string) => string): string {
  return text.replace(URL_VALUE, (whole: string, double?: string, single?: string, bare?: string) => {
    const written = double ?? single ?? bare ?? "";
    const address = resolve(written);
    if (address === written) return whole;
    const quote = address.includes('"') ? "'" : '"';
    return `url(${quote}${address}${quote})`;
  });
}
