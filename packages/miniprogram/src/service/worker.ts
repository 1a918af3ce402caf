import { connectByWebSocket } from "../bus/web-socket-client.ts";
import { systemClock } from "../clock.ts";
import { startService } from "./service.ts";

// The program of the Worker. The frame around it puts the address of the bus
// into the global below before this file runs.

const address: unknown = Reflect.get(globalThis, "__miniProgramBus");
const { WebSocket } = globalThis;
const bus = connectByWebSocket({
  clock: systemClock,
  name: "APPSERVICE",
  open: (subprotocol) => new WebSocket(String(address), subprotocol),
});
globalThis.addEventListener("unhandledrejection", (event) => {
  const text = event.reason instanceof Error ? (event.reason.stack ?? event.reason.message) : String(event.reason);
  const line = { level: "error", text: `Unhandled rejection: ${text}` };
  bus.send({ command: "APPSERVICE_INVOKE", data: { api: "consoleLine", args: line, callbackID: 0 } });
});
void startService({ bus, clock: systemClock, console: globalThis.console });
