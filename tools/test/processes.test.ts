import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { startProcess } from "../processes.ts";

const TOOLS = fileURLToPath(new URL("..", import.meta.url));

/** Tells of a process by its connection: open while it lives, closed when it is gone, however it went. */
interface Witness extends AsyncDisposable {
  readonly port: number;
  readonly connected: Promise<Socket>;
}

async function createWitness(): Promise<Witness> {
  const server: Server = createServer();
  const connected = once(server, "connection").then(([socket]: Socket[]) => socket as Socket); // the event's only value
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connected,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Connects to a witness and stays. */
function stayingProgram(port: number): readonly string[] {
  const connect = `require("node:net").connect(${port}, "127.0.0.1", () => console.log("connected"))`;
  return ["-e", `${connect}.on("error", () => {})`];
}

async function gone(socket: Socket): Promise<void> {
  socket.on("error", () => {}).resume();
  if (!socket.closed) await once(socket, "close");
}

describe("startProcess", () => {
  test("collects the output and the exit code", async () => {
    const running = startProcess(process.execPath, ["-e", 'console.log("out"); process.exitCode = 3;']);

    expect(await running.exited).toEqual({ code: 3, output: "out\n" });
  });

  test("reports a command that does not exist as 127", async () => {
    const { code, output } = await startProcess("hutong-no-such-command", []).exited;

    expect(code).toBe(127);
    expect(output).toContain("hutong-no-such-command does not start");
  });

  test("finds a line that was written before anyone waited, and one that comes later", async () => {
    await using running = startProcess(process.execPath, [
      "-e",
      'console.log("one"); setTimeout(() => console.log("two 2"), 50);',
    ]);

    expect(await running.waitForLine(/two \d/, 10_000)).toBe("two 2");
    expect(await running.waitForLine(/^one$/, 10_000)).toBe("one");
  });

  test("takes no part of a line for the line, and the last one without its end", async () => {
    await using running = startProcess(process.execPath, [
      "-e",
      'process.stdout.write("port 4"); setTimeout(() => process.stdout.write("000\\nport 5"), 50);',
    ]);

    expect(await running.waitForLine(/^port \d+$/, 10_000)).toBe("port 4000");
    expect(await running.waitForLine(/^port 5/, 10_000)).toBe("port 5");
  });

  test("rejects the wait for a line when the process ends without it, and shows the output", async () => {
    await using running = startProcess(process.execPath, ["-e", 'console.log("something else")']);

    await expect(running.waitForLine(/ready/, 10_000)).rejects.toThrow(
      /ended before a line matched \/ready\/.*something else/s,
    );
  });

  test("rejects the wait for a line when the time runs out", async () => {
    await using running = startProcess(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);

    await expect(running.waitForLine(/ready/, 20)).rejects.toThrow("20 ms passed before a line matched /ready/");
  });

  test("stop ends the process and what it started", async () => {
    await using witness = await createWitness();
    const grandchild = stayingProgram(witness.port);
    const script = `require("node:child_process").spawn(process.execPath, ${JSON.stringify(grandchild)}); setInterval(() => {}, 1000)`;
    const running = startProcess(process.execPath, ["-e", script]);
    const socket = await witness.connected;

    const { code } = await running.stop();

    expect(code).toBe(143);
    await gone(socket);
  });

  test("a process that ends by itself takes along what it left running", async () => {
    await using witness = await createWitness();
    const grandchild = stayingProgram(witness.port);
    const script = `
      const left = require("node:child_process").spawn(process.execPath, ${JSON.stringify(grandchild)});
      left.stdout.once("data", () => process.exit(0));
    `;

    await using _running = startProcess(process.execPath, ["-e", script]);

    await gone(await witness.connected);
  });

  test("the process ends when its owner is killed without warning", async () => {
    await using witness = await createWitness();
    const program = JSON.stringify(stayingProgram(witness.port));
    const owner = `
      import { startProcess } from ${JSON.stringify(new URL("processes.ts", `file://${TOOLS}`).href)};
      startProcess(process.execPath, ${program});
      setInterval(() => {}, 1000);
      console.log("pid " + process.pid);
    `;
    await using running = startProcess(process.execPath, ["--import", "tsx", "--input-type=module", "-e", owner]);
    const socket = await witness.connected;
    const line = await running.waitForLine(/^pid \d+$/, 10_000);

    process.kill(Number(line.slice("pid ".length)), "SIGKILL");

    await gone(socket);
    expect((await running.exited).code).toBe(137);
  });
});
