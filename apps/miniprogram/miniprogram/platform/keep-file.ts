/**
 * Copies a temporary file, which ends with this run, to where it stays, so that a message with it can be sent by a later
 * run too. Resolves with the path of the copy; with `""` when there is no room.
 */
export function keepFile(srcPath: string, name: string): Promise<string> {
  const destPath = `${wx.env.USER_DATA_PATH}/${name}${/\.\w{1,5}$/.exec(srcPath)?.[0] ?? ""}`;
  return new Promise((resolve) => {
    wx.getFileSystemManager().copyFile({
      srcPath,
      destPath,
      success: () => resolve(destPath),
      fail: () => resolve(""),
    });
  });
}

/** Deletes a copy. What is not there any more is no matter. */
export function dropFile(filePath: string): void {
  if (filePath !== "") wx.getFileSystemManager().unlink({ filePath, fail: () => undefined });
}
