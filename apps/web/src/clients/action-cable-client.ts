import { type Consumer, createConsumer, type Subscription } from "@rails/actioncable";

import { type Clock, systemClock } from "../clock.ts";
import { isRecord } from "../is-record.ts";
import { fromPresenceState, withPresenceDiff } from "./presence-entries.ts";
import type { Member, RoomClient, RoomClientOptions, RoomListener, RoomMessage, SendResult } from "./room-client.ts";
import { VISITOR } from "./visitor.ts";
import { type PresenceEntries, readMessage, toMembers } from "./wire-values.ts";

/** How long a first attempt may take before the page calls it a reconnect, in milliseconds. */
const PATIENCE_MS = 5_000;
/** How long a message may wait for its broadcast, in milliseconds. */
const BROADCAST_TIMEOUT_MS = 10_000;

interface PendingMessage {
  readonly body: string;
  readonly settle: (result: SendResult) => void;
}

/**
 * The room through the unmodified client of Rails. The grammar has no replies:
 * a message counts as sent when its broadcast comes back.
 */
export class ActionCableClient implements RoomClient {
  readonly #consumer: Consumer;
  readonly #subscription: Subscription;
  readonly #nickname: string;
  readonly #listener: RoomListener;
  readonly #clock: Clock;
  #entries: PresenceEntries = new Map();
  #pending: readonly PendingMessage[] = [];
  #isClosed = false;
  readonly #endPatience: () => void;

  constructor(options: RoomClientOptions, listener: RoomListener, clock: Clock = systemClock) {
    this.#nickname = options.nickname;
    this.#listener = listener;
    this.#clock = clock;
    this.#consumer = createConsumer("/cable");
    // A subprotocol keeps the token out of addresses, and so out of access logs.
    if (options.token !== undefined) this.#consumer.addSubProtocol(`anycable-token.${options.token}`);
    listener.state({ kind: "connecting" });
    // The client reports a link that broke, but not one that never opened.
    this.#endPatience = clock.after(PATIENCE_MS, () => listener.state({ kind: "reconnecting", retryAtMs: undefined }));
    this.#subscription = this.#consumer.subscriptions.create(
      {
        channel: "RoomChannel",
        id: options.room,
        nickname: options.nickname,
        visitor: VISITOR,
        client: "action_cable",
      },
      {
        connected: () => this.#connected(),
        disconnected: (event: { readonly willAttemptReconnect: boolean | undefined }) => this.#disconnected(event),
        rejected: () => this.#rejected(),
        received: (payload: unknown) => this.#received(payload),
      },
    );
  }

  send(body: string): Promise<SendResult> {
    return new Promise((resolve) => {
      if (this.#isClosed || !this.#subscription.perform("new_msg", { body })) {
        resolve({ kind: "failed", reason: "connection_lost" });
        return;
      }
      const cancel = this.#clock.after(BROADCAST_TIMEOUT_MS, () =>
        this.#settle(pending, { kind: "failed", reason: "reply_timeout" }),
      );
      const settle = (result: SendResult): void => {
        cancel();
        resolve(result);
      };
      const pending = { body, settle };
      this.#pending = [...this.#pending, pending];
    });
  }

  retryNow(): void {
    // The client's own next attempt is 6 to 18 s away; `connect` does nothing while a link is open or opening.
    if (!this.#isClosed) this.#consumer.connect();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endPatience();
    this.#subscription.unsubscribe();
    this.#consumer.disconnect();
    this.#failPending();
  }

  #connected(): void {
    this.#endPatience();
    this.#report((open) => open.state({ kind: "live" }));
  }

  #disconnected({ willAttemptReconnect }: { readonly willAttemptReconnect: boolean | undefined }): void {
    this.#endPatience();
    this.#failPending();
    this.#report((open) =>
      open.state(
        willAttemptReconnect === true
          ? { kind: "reconnecting", retryAtMs: undefined }
          : { kind: "closed", reason: "disconnect" },
      ),
    );
  }

  #rejected(): void {
    this.#endPatience();
    this.#report((open) => open.state({ kind: "refused", reason: undefined }));
    this.#consumer.disconnect();
  }

  #received(payload: unknown): void {
    const message = readMessage(payload);
    if (message !== undefined) return this.#receivedMessage(message);
    if (!isRecord(payload)) return;
    if ("presence_state" in payload) this.#entries = fromPresenceState(payload["presence_state"]);
    else if ("presence_diff" in payload) this.#entries = withPresenceDiff(this.#entries, payload["presence_diff"]);
    else return;
    this.#report((open) => open.members(toMembers(this.#entries, (member) => this.#isSelf(member))));
  }

  #receivedMessage(message: RoomMessage): void {
    this.#report((open) => open.message(message));
    const own = this.#pending.find(({ body }) => message.from === this.#nickname && body === message.body);
    if (own !== undefined) this.#settle(own, { kind: "sent", id: message.id });
  }

  /** No reply tells this page its member id, so the name and the client have to do. */
  #isSelf(member: Member): boolean {
    return member.client === "action_cable" && member.nickname === this.#nickname;
  }

  #settle(pending: PendingMessage, result: SendResult): void {
    this.#pending = this.#pending.filter((other) => other !== pending);
    pending.settle(result);
  }

  #failPending(): void {
    for (const pending of this.#pending) pending.settle({ kind: "failed", reason: "connection_lost" });
    this.#pending = [];
  }

  #report(tell: (open: RoomListener) => void): void {
    if (!this.#isClosed) tell(this.#listener);
  }
}
