import { connectByWebSocket } from "../bus/web-socket-client.ts";
import { systemClock } from "../clock.ts";
import { numberOf } from "../is-record.ts";
import { BASE_STYLE } from "./base-style.ts";
import { defineElements } from "./elements/define.ts";
import { PageView } from "./page-view.ts";

// The program of a page's frame. Its address says which page it is.

const parameters = new URLSearchParams(location.search);
const address = parameters.get("bus") ?? "";
const style = document.createElement("style");
style.textContent = BASE_STYLE;
document.head.append(style);
document.documentElement.lang = parameters.get("lang") ?? "zh";
defineElements();
const client = connectByWebSocket({
  clock: systemClock,
  name: `WEBVIEW_${numberOf(Number(parameters.get("id")), 1)}`,
  open: (subprotocol) => new WebSocket(address, subprotocol),
});
const view = new PageView(client, { assets: parameters.get("assets") ?? "", files: parameters.get("files") ?? "" });
void view.start();
