import { type Channel, Presence, Socket } from "phoenix";

import {
  RECENT_COUNT,
  type RoomClient,
  type RoomClientOptions,
  type RoomListener,
  type SendResult,
} from "./room-client.ts";
import { VISITOR } from "./visitor.ts";
import { readMessage, readText, toMembers } from "./wire-values.ts";

/** The room through the unmodified client of Phoenix, with its own presence helper and its own reconnect. */
export class PhoenixClient implements RoomClient {
  readonly #socket: Socket;
  readonly #channel: Channel;
  readonly #presence: Presence;
  readonly #listener: RoomListener;
  #memberId: string | undefined;
  #isClosed = false;

  constructor(options: RoomClientOptions, listener: RoomListener) {
    const { room, nickname, token } = options;
    this.#listener = listener;
    this.#socket = new Socket("/socket", token === undefined ? {} : { authToken: token });
    // This client knows no positions: after a broken link it asks for the latest again, and the ids tell what is new.
    const $recover = { last: RECENT_COUNT };
    this.#channel = this.#socket.channel(`room:${room}`, { nickname, visitor: VISITOR, client: "phoenix", $recover });
    this.#presence = new Presence(this.#channel);
    this.#presence.onSync(() => this.#reportMembers());
    this.#channel.on("new_msg", (payload: unknown) => {
      const message = readMessage(payload);
      if (message !== undefined) this.#report((open) => open.message(message));
    });
    this.#channel.onError(() => this.#report((open) => open.state({ kind: "reconnecting", retryAtMs: undefined })));
    listener.state({ kind: "connecting" });
    this.#socket.connect();
    this.#join();
  }

  send(body: string): Promise<SendResult> {
    if (this.#isClosed) return Promise.resolve({ kind: "failed", reason: "closed" });
    return new Promise((resolve) => {
      this.#channel
        .push("new_msg", { body })
        .receive("ok", (response: unknown) => resolve({ kind: "sent", id: readText(response, "id") ?? "" }))
        .receive("error", (response: unknown) =>
          resolve({ kind: "failed", reason: readText(response, "reason") ?? "push_refused" }),
        )
        .receive("timeout", () => resolve({ kind: "failed", reason: "reply_timeout" }));
    });
  }

  retryNow(): void {
    if (this.#isClosed || this.#socket.isConnected()) return;
    this.#socket.disconnect(() => this.#socket.connect());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#channel.leave();
    this.#socket.disconnect();
  }

  /** The handlers stay for every later join of the same channel. */
  #join(): void {
    this.#channel
      .join()
      .receive("ok", (response: unknown) => {
        this.#memberId = readText(response, "id");
        this.#report((open) => open.state({ kind: "live" }));
        this.#reportMembers();
      })
      .receive("error", (response: unknown) => {
        const reason = readText(response, "reason");
        // Left alone, this client knocks on a shut door for ever.
        if (!isTemporary(reason)) this.#socket.disconnect();
        this.#report((open) =>
          open.state(
            isTemporary(reason) ? { kind: "reconnecting", retryAtMs: undefined } : { kind: "refused", reason },
          ),
        );
      })
      .receive("timeout", () => this.#report((open) => open.state({ kind: "reconnecting", retryAtMs: undefined })));
  }

  #reportMembers(): void {
    const entries = new Map(
      this.#presence.list((key, entry: { readonly metas: readonly unknown[] }) => [key, entry.metas] as const),
    );
    this.#report((open) => open.members(toMembers(entries, (member) => member.key === this.#memberId)));
  }

  #report(tell: (open: RoomListener) => void): void {
    if (!this.#isClosed) tell(this.#listener);
  }
}

function isTemporary(reason: string | undefined): boolean {
  return reason === "join crashed" || reason === "join_timeout" || reason === "overloaded";
}
