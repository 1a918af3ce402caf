import { createSocket } from "@hutong/client";
import type { room } from "./server.ts";

export async function enter(url: string, nickname: string, show: (line: string) => void) {
  const socket = createSocket(url);
  socket.connect();
  const lobby = socket.channel<typeof room>("room:lobby", { nickname });
  lobby.on("new_msg", ({ from, body }) => show(`${from}: ${body}`));
  await lobby.join();
  return { say: (body: string) => lobby.push("new_msg", { body }), leave: () => socket.close() };
}
