import { connectByWebSocket } from "../bus/web-socket-client.ts";
import { systemClock } from "../clock.ts";
import { isRecord, textOf } from "../is-record.ts";
import { hostMapOf } from "../view/resources.ts";
import { PHONE_MODELS } from "./devices.ts";
import { Phone, type PhoneSettings } from "./phone.ts";
import { RunnerAddresses } from "./runner-addresses.ts";
import { PHONE_STYLE } from "./style.ts";
import { SETTING_KEYS } from "./toolbar.ts";

// The program of the page with the phone.

const DEVICE_KEY = "miniprogram-device";

/** Names this browser, so that a mini-program finds its storage again. */
function deviceId(): string {
  const known = localStorage.getItem(DEVICE_KEY);
  if (known !== null) return known;
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  localStorage.setItem(DEVICE_KEY, id);
  return id;
}

function settings(query: URLSearchParams): PhoneSettings {
  const language = query.get("lang") ?? localStorage.getItem(SETTING_KEYS.language) ?? navigator.language;
  const theme = query.get("theme") ?? localStorage.getItem(SETTING_KEYS.theme);
  const isDark = theme === null ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  const model = query.get("device") ?? localStorage.getItem(SETTING_KEYS.model);
  return {
    language: language.startsWith("zh") ? "zh" : "en",
    theme: isDark ? "dark" : "light",
    model: PHONE_MODELS.find((one) => one.model === model) ?? PHONE_MODELS[0],
  };
}

async function openPhone(): Promise<void> {
  const query = new URLSearchParams(location.search);
  const chosen = settings(query);
  const style = document.createElement("style");
  style.textContent = PHONE_STYLE;
  document.head.append(style);
  document.documentElement.lang = chosen.language;
  const base = new URL(".", location.href);
  const startUrl = query.get("path") ?? "";
  const device = { ...chosen.model, theme: chosen.theme, language: chosen.language === "zh" ? "zh_CN" : "en" };
  const response = await fetch(new URL("sessions", base), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ deviceId: query.get("user") ?? deviceId(), device, startUrl }),
  });
  const session: unknown = await response.json();
  if (!isRecord(session) || typeof session["sessionId"] !== "string") {
    document.body.textContent = isRecord(session) ? textOf(session["error"]) : "";
    return;
  }
  const addresses = new RunnerAddresses(base.href, session["sessionId"], hostMapOf(session["map"]));
  const client = connectByWebSocket({
    clock: systemClock,
    name: "CONTROL",
    open: (subprotocol) => new WebSocket(addresses.bus, subprotocol),
    lost: () => phone.lost(),
  });
  const phone = new Phone(client, addresses, chosen);
  document.body.append(phone.element);
  phone.start();
}

void openPhone();
