/**
 * Makes this process a server of the load benches: it says where it listens, tidies its heap for each line on
 * standard input, and ends with it.
 */
export function serveBench(port: number): void {
  console.log(`listening ${port}`);
  process.stdin.setEncoding("utf8").on("data", () => {
    // The first collection runs finalisers whose garbage the second one takes.
    globalThis.gc?.();
    globalThis.gc?.();
    console.log("collected 0");
  });
  process.stdin.on("end", () => process.exit(0));
}
