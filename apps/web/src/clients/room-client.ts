/** The clients that the page can use, in the order of its switch. */
export const CLIENT_NAMES = ["hutong", "phoenix", "action_cable"] as const;

/** Which client library carries the page; also sent as the join parameter `client`. */
export type ClientName = (typeof CLIENT_NAMES)[number];

/** Narrows a string of the address or of the wire. */
export function isClientName(value: unknown): value is ClientName {
  return CLIENT_NAMES.some((name) => name === value);
}

/** Where the page stands with its room. */
export type RoomState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** `retryAtMs` (since 1970) is present where the client tells when it tries again. */
  | { readonly kind: "reconnecting"; readonly retryAtMs: number | undefined }
  /** The device has no network; the client comes back by itself. */
  | { readonly kind: "offline" }
  /** The server does not let this person in. `reason` is the server's word; `undefined` where the grammar carries none. */
  | { readonly kind: "refused"; readonly reason: string | undefined }
  /** The link ended for good: nothing happens until the person asks. */
  | { readonly kind: "closed"; readonly reason: string };

/** One message of the room, as broadcast. */
export interface RoomMessage {
  readonly id: string;
  /** The sender's nickname. */
  readonly from: string;
  /** Plain text. */
  readonly body: string;
  /** Server time, milliseconds since 1970. */
  readonly atMs: number;
}

/** One presence in the room. */
export interface Member {
  /** The member id; two tabs of one person are two members. */
  readonly key: string;
  readonly nickname: string;
  readonly client: ClientName | undefined;
  /** When it joined, milliseconds since 1970. */
  readonly atMs: number;
  readonly isSelf: boolean;
}

/** What became of one message. */
export type SendResult =
  | { readonly kind: "sent"; readonly id: string }
  /** `reason` is a word of the server or of the client, for example `"connection_lost"`. */
  | { readonly kind: "failed"; readonly reason: string };

/** What to join, and as whom. */
export interface RoomClientOptions {
  /** The part after `room:`. */
  readonly room: string;
  readonly nickname: string;
  readonly token: string | undefined;
}

/** Hears what a {@link RoomClient} has to say. Never called again after `close`. */
export interface RoomListener {
  /** Called on each change, first with `connecting`. */
  state(state: RoomState): void;
  /** Called with the whole list on each change. */
  members(members: readonly Member[]): void;
  /** Called once per broadcast, in the order of the server, own messages included. */
  message(message: RoomMessage): void;
}

/** One person in one room, over one link. The three implementations differ only in the library beneath. */
export interface RoomClient {
  /** Resolves when the server has the message or when it is known not to; never rejects. */
  send(body: string): Promise<SendResult>;
  /** Tries to connect at once instead of waiting. Does nothing while live. */
  retryNow(): void;
  /** Leaves the room and gives the link back. Idempotent; unanswered messages fail. */
  close(): void;
}

/** Starts to connect at once. */
export type CreateRoomClient = (options: RoomClientOptions, listener: RoomListener) => RoomClient;

/** How many of the latest messages somebody who enters is shown. */
export const RECENT_COUNT = 50;
