import { readFileSync } from "node:fs";
import {
  actionCable,
  type ClientMessage,
  type CloseName,
  type Frame,
  HUTONG_VSN,
  phoenix,
  type ServerMessage,
  type WireProtocol,
} from "../src/index.ts";

/** A client's frame and what it means, or the close that it leads to. */
export interface DecodeVector {
  readonly clause: string;
  readonly name: string;
  readonly direction: "decode";
  readonly frame: Frame;
  readonly message?: ClientMessage;
  readonly error?: CloseName;
}

/** A server's message and its frame, or that there is none. */
export interface EncodeVector {
  readonly clause: string;
  readonly name: string;
  readonly direction: "encode";
  readonly message: ServerMessage;
  readonly frame?: Frame;
  readonly absent?: true;
  readonly error?: CloseName;
}

export interface FrameVectors {
  /** The names of the wire protocols of which every row is true. */
  readonly wireProtocols: readonly string[];
  readonly vectors: readonly (DecodeVector | EncodeVector)[];
}

/**
 * Reads a file of `vectors/`; `{"hex": "…"}` stands for bytes. Not imported as a
 * module, because a module would take a `__proto__` key for a prototype.
 */
export function readVectorFile(name: string): unknown {
  const text = readFileSync(new URL(`vectors/${name}`, import.meta.url), "utf8");
  return JSON.parse(text, (_key, value: unknown) => toBytes(value) ?? value);
}

function toBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== "object" || value === null || !("hex" in value) || typeof value.hex !== "string")
    return undefined;
  return Uint8Array.from(value.hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** The files whose rows are frames. */
export const FRAME_FILES = [
  "phoenix-1.json",
  "phoenix-2.json",
  "phoenix-2-binary.json",
  "phoenix-2-plain.json",
  "phoenix-2+hutong.1.json",
  "actioncable-v1-json.json",
  "actioncable-v1-json-plain.json",
  "actioncable-v1-ext-json.json",
] as const;

/** Every wire protocol by its name, as a handshake yields it. */
export const WIRE_PROTOCOLS: ReadonlyMap<string, WireProtocol> = new Map(
  [
    phoenix.negotiate({ vsn: "1.0.0", subprotocols: [] }),
    phoenix.negotiate({ vsn: "2.0.0", subprotocols: [] }),
    phoenix.negotiate({ vsn: HUTONG_VSN, subprotocols: [] }),
    actionCable.negotiate({ vsn: undefined, subprotocols: [] }),
    actionCable.negotiate({ vsn: undefined, subprotocols: ["actioncable-v1-ext-json"] }),
  ].flatMap((negotiation) =>
    negotiation.kind === "agreed" ? [[negotiation.wireProtocol.name, negotiation.wireProtocol] as const] : [],
  ),
);

/** @throws {RangeError} when there is no wire protocol of that name. */
export function wireProtocolNamed(name: string): WireProtocol {
  const wireProtocol = WIRE_PROTOCOLS.get(name);
  if (wireProtocol === undefined) throw new RangeError(`no wire protocol is named "${name}"`);
  return wireProtocol;
}
