import { type CloseName, CLOSE_CODES } from "../close-code.ts";
import type { Farewell } from "../wire-protocol.ts";

const FIRST_TERMINAL_CODE = 4500;

/** For clients that know the table of close codes: the code as it is. */
export function farewellByTable(close: CloseName): Farewell {
  return { frame: undefined, code: CLOSE_CODES[close].code, reason: close };
}

/**
 * For phoenix.js, which knows no codes of ours: it comes back after every close
 * that it did not ask for, and older versions stay away after 1000 only.
 */
export function farewellForPhoenixClient(close: CloseName): Farewell {
  return { frame: undefined, code: toPhoenixCloseCode(close), reason: close };
}

function toPhoenixCloseCode(close: CloseName): number {
  // What Phoenix itself answers to a frame that it cannot decode.
  if (close === "protocol_error" || close === "unsupported_data") return CLOSE_CODES.internal.code;
  const { code } = CLOSE_CODES[close];
  return code >= FIRST_TERMINAL_CODE ? CLOSE_CODES.normal.code : code;
}
