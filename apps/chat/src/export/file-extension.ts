/** The extension of a name that somebody gave a file, as far as it is harmless in a name of ours; empty otherwise. */
export function fileExtension(name: string): string {
  return /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0].toLowerCase() ?? "";
}
