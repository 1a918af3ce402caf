/** The files of a project, as the compiler sees them. Paths have no leading slash. */
export interface ProjectFiles {
  /** The text of a file, `undefined` when there is no such file. */
  read(path: string): string | undefined;
}

/** Files that are held in memory. */
export function memoryFiles(files: Readonly<Record<string, string>>): ProjectFiles {
  const byPath = new Map(Object.entries(files));
  return { read: (path) => byPath.get(path) };
}
