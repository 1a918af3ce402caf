import { type Channel, ChannelError, createPresence, createSocket, type Presence, type Socket } from "@hutong/client";

import { toRoomState } from "./hutong-state.ts";
import {
  RECENT_COUNT,
  type RoomClient,
  type RoomClientOptions,
  type RoomListener,
  type SendResult,
} from "./room-client.ts";
import { VISITOR } from "./visitor.ts";
import { readMessage, readText, toMembers } from "./wire-values.ts";

/** The room through our own client. */
export class HutongClient implements RoomClient {
  readonly #socket: Socket;
  readonly #channel: Channel;
  readonly #presence: Presence;
  readonly #listener: RoomListener;
  #memberId: string | undefined;
  #isClosed = false;

  constructor(options: RoomClientOptions, listener: RoomListener) {
    const { room, nickname, token } = options;
    this.#listener = listener;
    this.#socket = createSocket("/socket", token === undefined ? {} : { token });
    this.#channel = this.#socket.channel(`room:${room}`, {
      nickname,
      visitor: VISITOR,
      client: "hutong",
      $recover: { last: RECENT_COUNT },
    });
    this.#presence = createPresence(this.#channel);
    this.#presence.on("change", () => this.#reportMembers());
    this.#channel.on("new_msg", (payload) => {
      const message = readMessage(payload);
      if (message !== undefined) this.#report((open) => open.message(message));
    });
    this.#channel.onState((state) => {
      if (state.kind === "joined") this.#memberId = readText(state.response, "id");
      this.#reportState();
      this.#reportMembers();
    });
    this.#socket.on("state", () => this.#reportState());
    this.#reportState();
    this.#socket.connect();
    // Each outcome of a join is also a state of the channel, which is what the page follows.
    this.#channel.join().catch(() => this.#reportState());
  }

  async send(body: string): Promise<SendResult> {
    try {
      const reply = await this.#channel.push("new_msg", { body });
      return { kind: "sent", id: readText(reply, "id") ?? "" };
    } catch (error) {
      return { kind: "failed", reason: error instanceof ChannelError ? error.reason : "closed" };
    }
  }

  retryNow(): void {
    if (!this.#isClosed && this.#socket.state.kind !== "closed") this.#socket.reconnectNow();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#presence.close();
    // `close` never rejects, and nothing waits for it: the next visit has a socket of its own.
    void this.#channel.leave().then(() => this.#socket.close());
  }

  #reportState(): void {
    const state = toRoomState(this.#socket.state, this.#channel.state);
    this.#report((open) => open.state(state));
  }

  #reportMembers(): void {
    const members = toMembers(this.#presence.entries, ({ key }) => key === this.#memberId);
    this.#report((open) => open.members(members));
  }

  #report(tell: (open: RoomListener) => void): void {
    if (!this.#isClosed) tell(this.#listener);
  }
}
