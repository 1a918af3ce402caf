/** Removes `.`, `..`, empty parts and the leading slash: paths of a project are relative to its root. */
export function normalisePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** The folder of a file, `""` for a file in the root. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** What `reference` means inside the file `from`; a leading slash starts at the root of the project. */
export function resolvePath(from: string, reference: string): string {
  return reference.startsWith("/") ? normalisePath(reference) : normalisePath(`${folderOf(from)}/${reference}`);
}

/**
 * What `reference` stands for when one of the project's aliases fits: a path from the root of the project. A
 * star stands at the end of an alias and of its target; the longest alias that fits counts.
 */
export function withoutAlias(reference: string, aliases: Readonly<Record<string, string>>): string {
  const fitting = Object.entries(aliases).filter(([alias]) =>
    alias.endsWith("*") ? reference.startsWith(alias.slice(0, -1)) : reference === alias,
  );
  const [alias, target] = fitting.toSorted(([one], [other]) => other.length - one.length)[0] ?? [];
  if (alias === undefined || target === undefined) return reference;
  return `/${normalisePath(target.replace(/\*$/, reference.slice(alias.replace(/\*$/, "").length)))}`;
}

/** The folders in which the package `name` may lie for the file `from`, the nearest first. */
export function packageFolders(from: string, name: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    folders.push(normalisePath(`${folder}/miniprogram_npm/${name}`));
    if (folder === "") return folders;
  }
}

/** The path without its extension, when it has that one. */
export function withoutExtension(path: string, extension: string): string {
  return path.endsWith(extension) ? path.slice(0, -extension.length) : path;
}
