import type { Clock } from "../clock.ts";
import { DEFAULT_MAILBOX, type MailboxOptions } from "./bus.ts";
import { type BusLink, Mailbox } from "./mailbox.ts";
import {
  BusError,
  type BusMessage,
  type ClientName,
  parseBusMessage,
  type RouteEnd,
  ROUTES,
  type WebviewIds,
  webviewIdOf,
} from "./message.ts";

/** One message on its way, as an observer sees it. */
export interface BusTraffic {
  /** Who sent it. */
  readonly from: ClientName;
  /** Who gets it. */
  readonly to: readonly ClientName[];
  readonly message: BusMessage;
  /** Length of the frame, in characters. */
  readonly length: number;
}

/** What a session needs. */
export interface BusSessionOptions {
  readonly clock: Clock;
  readonly mailbox?: MailboxOptions;
}

/**
 * The bus of one running mini-program: mailboxes by name, and the table that says who gets what. Sessions
 * share nothing.
 */
export class BusSession {
  readonly #clock: Clock;
  readonly #limits: Required<MailboxOptions>;
  readonly #mailboxes = new Map<ClientName, Mailbox>();
  readonly #observers = new Set<(traffic: BusTraffic) => void>();

  /** Makes a session without parts. */
  constructor(options: BusSessionOptions) {
    this.#clock = options.clock;
    this.#limits = { ...DEFAULT_MAILBOX, ...options.mailbox };
  }

  /** Gives the part its link and what waits for it; the returned function ends this link and no other. */
  attach(name: ClientName, link: BusLink): () => void {
    const mailbox = this.#mailbox(name);
    mailbox.attach(link);
    return () => mailbox.detach(link);
  }

  /**
   * Routes one frame of a part.
   *
   * @throws {BusError} `bad_frame` or `wrong_sender`; then nobody gets anything.
   */
  receive(from: ClientName, frame: string): void {
    const message = stamped(parseBusMessage(frame), from);
    const to = this.#receivers(from, message);
    const text = message.command.startsWith("WEBVIEW_") ? JSON.stringify(message) : frame;
    for (const observer of this.#observers) observer({ from, to, message, length: text.length });
    for (const name of to) this.#mailbox(name).push(text);
  }

  /** Calls the observer for every accepted message, before its receivers; the returned function ends it. */
  observe(observer: (traffic: BusTraffic) => void): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Forgets a part: its queue is dropped, and a link that it still has gets nothing more. */
  forget(name: ClientName): void {
    this.#mailboxes.delete(name);
  }

  #mailbox(name: ClientName): Mailbox {
    const known = this.#mailboxes.get(name);
    if (known !== undefined) return known;
    const mailbox = new Mailbox(this.#clock, this.#limits);
    this.#mailboxes.set(name, mailbox);
    return mailbox;
  }

  #receivers(from: ClientName, message: BusMessage): readonly ClientName[] {
    const route: { readonly from: string; readonly to: RouteEnd } = ROUTES[message.command];
    const isSender = route.from === (webviewIdOf(from) === undefined ? from : "WEBVIEW");
    if (!isSender || route.to === "NONE") throw new BusError("wrong_sender", `${from} may not send ${message.command}`);
    if (route.to !== "WEBVIEW") return [route.to];
    if (message.command === "APPSERVICE_PUBLISH") return this.#views(message.data.webviewIds);
    return this.#views("webviewID" in message ? message.webviewID : null);
  }

  #views(ids: WebviewIds | undefined): readonly ClientName[] {
    const isAll = ids === undefined || ids === null || (Array.isArray(ids) && ids.length === 1 && ids[0] === null);
    if (isAll) return [...this.#mailboxes.keys()].filter((name) => webviewIdOf(name) !== undefined);
    return [ids].flat().flatMap((id) => (typeof id === "number" ? [`WEBVIEW_${id}` as const] : []));
  }
}

/** Which view sent a message is what the bus knows, not what the message says. */
function stamped(message: BusMessage, from: ClientName): BusMessage {
  const fromWebviewID = webviewIdOf(from);
  if (fromWebviewID === undefined) return message;
  if (message.command === "WEBVIEW_INVOKE") return { ...message, fromWebviewID };
  if (message.command === "WEBVIEW_PUBLISH") return { ...message, fromWebviewID };
  return message;
}
