import { isRecord } from "../is-record.ts";

// The messages that the parts of a running mini-program exchange. Commands and
// shapes follow WeChat's own tool; the four CONTROL commands join the host,
// which runs in Node, with the phone, which is a page.

/** A part of the runner: the logic layer, one page's view, the phone, or the host. */
export type ClientName = "APPSERVICE" | "CONTROL" | "HOST" | `WEBVIEW_${number}`;

/** The outcome of a call. `errMsg` is `"<api>:ok"`, `"<api>:cancel"` or `"<api>:fail <reason>"`. */
export interface InvokeResult {
  /** `"<api>:ok"`, or why not. */
  readonly errMsg: string;
  /** Fields of the API. */
  readonly [field: string]: unknown;
}

/** A call of an API. */
export interface InvokeData {
  /** Name of the API. */
  readonly api: string;
  /** Arguments as JSON. */
  readonly args: unknown;
  /** Counts from 1 in the part that calls. */
  readonly callbackID: number;
}

/** The answer to one call. */
export interface CallbackData {
  /** Number of the call. */
  readonly callbackID: number;
  readonly res: InvokeResult;
}

/** An event, with what it carries. */
export interface EventData {
  /** Name of the event. */
  readonly eventName: string;
  /** What it carries, as JSON. */
  readonly data: unknown;
}

/** Which views an event is for: absent or `null` means all, `[]` means none. */
export type WebviewIds = number | null | readonly (number | null)[];

/** Every message of the bus. */
export type BusMessage =
  | { readonly command: "APPSERVICE_INVOKE" | "CONTROL_INVOKE"; readonly data: InvokeData }
  | { readonly command: "WEBVIEW_INVOKE"; readonly data: InvokeData; readonly fromWebviewID?: number }
  | { readonly command: "APPSERVICE_INVOKE_CALLBACK" | "CONTROL_INVOKE_CALLBACK"; readonly data: CallbackData }
  | { readonly command: "WEBVIEW_INVOKE_CALLBACK"; readonly data: CallbackData; readonly webviewID: number }
  | { readonly command: "APPSERVICE_PUBLISH"; readonly data: EventData & { readonly webviewIds?: WebviewIds } }
  | { readonly command: "WEBVIEW_PUBLISH"; readonly data: EventData; readonly fromWebviewID?: number }
  | {
      readonly command: "APPSERVICE_ON_EVENT" | "WEBVIEW_ON_EVENT";
      readonly data: EventData;
      readonly webviewID?: number;
    }
  | { readonly command: "CONTROL_ON_EVENT" | "CONTROL_PUBLISH"; readonly data: EventData }
  | { readonly command: "SEND_APP_DATA" | "GET_APP_DATA" | "WRITE_APP_DATA"; readonly data: unknown }
  | { readonly command: "SYSTEM"; readonly data: EventData };

/** The name of a kind of message. */
export type BusCommand = BusMessage["command"];

/** Where a command goes: a part, all views that it names, or nowhere because only the bus itself sends it. */
export type RouteEnd = "APPSERVICE" | "CONTROL" | "HOST" | "NONE" | "WEBVIEW";

/** Who may send a command, and who gets it. `WEBVIEW` stands for the views. */
export const ROUTES = {
  APPSERVICE_INVOKE: { from: "APPSERVICE", to: "HOST" },
  APPSERVICE_INVOKE_CALLBACK: { from: "HOST", to: "APPSERVICE" },
  APPSERVICE_PUBLISH: { from: "APPSERVICE", to: "WEBVIEW" },
  APPSERVICE_ON_EVENT: { from: "HOST", to: "APPSERVICE" },
  WEBVIEW_INVOKE: { from: "WEBVIEW", to: "HOST" },
  WEBVIEW_INVOKE_CALLBACK: { from: "HOST", to: "WEBVIEW" },
  WEBVIEW_PUBLISH: { from: "WEBVIEW", to: "APPSERVICE" },
  WEBVIEW_ON_EVENT: { from: "HOST", to: "WEBVIEW" },
  CONTROL_INVOKE: { from: "HOST", to: "CONTROL" },
  CONTROL_INVOKE_CALLBACK: { from: "CONTROL", to: "HOST" },
  CONTROL_PUBLISH: { from: "CONTROL", to: "HOST" },
  CONTROL_ON_EVENT: { from: "HOST", to: "CONTROL" },
  SEND_APP_DATA: { from: "APPSERVICE", to: "CONTROL" },
  GET_APP_DATA: { from: "CONTROL", to: "APPSERVICE" },
  WRITE_APP_DATA: { from: "CONTROL", to: "APPSERVICE" },
  SYSTEM: { from: "BUS", to: "NONE" },
} as const satisfies Record<BusCommand, { readonly from: string; readonly to: RouteEnd }>;

/** A frame or a name that the bus does not accept. */
export class BusError extends Error {
  /** What is wrong, for a program. */
  readonly code: "bad_frame" | "bad_name" | "wrong_sender";

  /** `message` says what was got and what was expected. */
  constructor(code: BusError["code"], message: string) {
    super(message);
    this.name = "BusError";
    this.code = code;
  }
}

/** Tells whether the text is the name of a part. */
export function isClientName(text: string): text is ClientName {
  return /^(APPSERVICE|CONTROL|HOST|WEBVIEW_[1-9]\d{0,8})$/.test(text);
}

/** The number of the view, `undefined` for the other parts. */
export function webviewIdOf(name: ClientName): number | undefined {
  return name.startsWith("WEBVIEW_") ? Number(name.slice("WEBVIEW_".length)) : undefined;
}

/**
 * Reads one frame.
 *
 * @throws {BusError} `bad_frame` when it is not JSON, names no command, or lacks the fields of its command.
 */
export function parseBusMessage(frame: string): BusMessage {
  const message = parseJson(frame);
  if (!isRecord(message)) throw new BusError("bad_frame", "frame is not a JSON object");
  if (!isBusMessage(message)) {
    const command = JSON.stringify(message["command"])?.slice(0, 40);
    throw new BusError("bad_frame", `command ${command} is not known, or its data does not fit it`);
  }
  return message;
}

function parseJson(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch (cause) {
    throw Object.assign(new BusError("bad_frame", "frame is not JSON"), { cause });
  }
}

function isBusMessage(message: object): message is BusMessage {
  const { command, data } = { command: undefined, data: undefined, ...message };
  return typeof command === "string" && Object.hasOwn(ROUTES, command) && hasDataOf(command, data);
}

function hasDataOf(command: string, data: unknown): boolean {
  if (command.endsWith("_APP_DATA")) return true;
  if (!isRecord(data)) return false;
  if (command.endsWith("_CALLBACK")) {
    return (
      Number.isSafeInteger(data["callbackID"]) && isRecord(data["res"]) && typeof data["res"]["errMsg"] === "string"
    );
  }
  if (command.endsWith("_INVOKE")) return Number.isSafeInteger(data["callbackID"]) && typeof data["api"] === "string";
  return typeof data["eventName"] === "string";
}
