/**
 * The control: a room on plain ws that keeps the price in a variable and asks no database. It says what the machine, the
 * loopback and the clients of the bench take by themselves.
 */
import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { COALESCE_MS } from "../src/price-board.ts";

const frame = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.looseObject({ amount: z.number().optional() }),
]);

/** Starts the control; `started` is given its port. It ends with its process. */
export function startControl(started: (port: number) => void): void {
  const server = createServer();
  const webSockets = new WebSocketServer({ server, perMessageDeflate: false });
  const room = new Set<WebSocket>();
  let bids: object[] = [];
  let bidNo = 0;
  let topic = "";
  webSockets.on("connection", (webSocket) => {
    webSocket.on("close", () => room.delete(webSocket));
    webSocket.on("message", (data: Buffer) => {
      const [joinRef, ref, name, event, payload] = frame.parse(JSON.parse(data.toString("utf8")));
      topic = name;
      room.add(webSocket);
      const response = { result: "OK", ...payload, bidNo: (bidNo += event === "bid" ? 1 : 0), serverNow: 1 };
      webSocket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response }]));
      if (event === "bid") bids.push({ bidNo, bidder: "B**", amount: payload.amount, at: 1 });
    });
  });
  setInterval(() => {
    if (bids.length === 0) return;
    const price = { bidNo, price: 1, endAt: 1, isReserveMet: true, bids, viewers: room.size, serverNow: 1 };
    const text = JSON.stringify([null, null, topic, "price", price]);
    for (const webSocket of room) webSocket.send(text);
    bids = [];
  }, COALESCE_MS);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address !== null) started(address.port);
  });
}
