// The frames of panda-chat-room. Its client takes any object with an `error` for
// the end of its session and logs in again, so a bad frame must not be answered
// with one.
import { z } from "zod";
import { readJson } from "../wafer/read-json.ts";

/** What a client says in the room. */
export type RoomMessage =
  | { readonly kind: "text"; readonly content: string }
  /** A picture that was uploaded before. */
  | { readonly kind: "image"; readonly url: string };

/** What a client's frame turned out to be. */
export type RoomFrameReading =
  | RoomMessage
  | { readonly kind: "malformed"; readonly code: "too_long" | "invalid_json" | "invalid_message" };

/** What the server says about a message. */
export interface RoomMessageFacts {
  /** Of the sender's session, never from the sender's frame. */
  readonly avatarUrl: string;
  /** `user` makes the message the receiver's own. */
  readonly type: "user" | "remote";
  /** Counts up; the client scrolls to it. */
  readonly id: number;
  /** People in the room at this moment, the receiver included. */
  readonly number: number;
}

/** Longest frame, in characters. */
export const MAX_ROOM_FRAME_LENGTH = 16_384;
/** Longest text of a message, in characters. */
export const MAX_ROOM_TEXT_LENGTH = 2_000;
/** Longest address of a picture, in characters. */
export const MAX_ROOM_URL_LENGTH = 2_048;

const TEXT = z
  .object({ text: z.literal(true), content: z.string().trim().min(1).max(MAX_ROOM_TEXT_LENGTH) })
  .transform(({ content }): RoomMessage => ({ kind: "text", content }));

const IMAGE = z
  .object({ gallery: z.literal(true), url: z.url({ protocol: /^https?$/ }).max(MAX_ROOM_URL_LENGTH) })
  .transform(({ url }): RoomMessage => ({ kind: "image", url }));

const MESSAGE = z.union([TEXT, IMAGE]);

/** Reads a client's frame; never throws. Fields that the room does not know are left out. */
export function decodeRoomFrame(frame: string): RoomFrameReading {
  if (frame.length > MAX_ROOM_FRAME_LENGTH) return { kind: "malformed", code: "too_long" };
  const reading = readJson(frame);
  if (reading.kind === "invalid") return { kind: "malformed", code: "invalid_json" };
  const message = MESSAGE.safeParse(reading.value);
  return message.success ? message.data : { kind: "malformed", code: "invalid_message" };
}

/** Greets a client, once, with the number of people in the room, itself included. */
export function encodeRoomGreeting(memberCount: number): string {
  return JSON.stringify({ num: memberCount, type: "system" });
}

/** Writes a message for one receiver. The server's fields come last, so that nothing of the sender's can stand in for them. */
export function encodeRoomMessage(message: RoomMessage, { avatarUrl, type, id, number }: RoomMessageFacts): string {
  const said = message.kind === "text" ? { content: message.content, text: true } : { url: message.url, gallery: true };
  return JSON.stringify({ ...said, avatarUrl, type, id, number });
}
