import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { serveBench } from "./serve-bench.ts";

// A control: socket.io with its own rooms, over WebSocket alone and without compression.
const http = createServer();
const server = new Server(http, { transports: ["websocket"], serveClient: false, perMessageDeflate: false });

interface Publication {
  readonly room: string;
  readonly body: string;
}

server.on("connection", (socket) => {
  socket.on("join", async (room: string, answer: (result: object) => void) => {
    await socket.join(room);
    answer({ ok: true });
  });
  socket.on("publish", ({ room, body }: Publication) => server.to(room).emit("message", { room, body }));
  socket.on("echo", ({ body }: Publication, answer: (result: object) => void) => answer({ body }));
});

http.listen(0, "127.0.0.1", () => serveBench((http.address() as AddressInfo).port)); // a TCP server's address is an object
