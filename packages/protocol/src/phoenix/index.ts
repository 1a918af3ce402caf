import type { Grammar } from "../wire-protocol.ts";
import { negotiatePhoenix } from "./negotiate.ts";

/** Phoenix Channels: `"phoenix-1"`, `"phoenix-2"`, and `"phoenix-2+hutong.1"` for Hutong's own client. */
export const phoenix: Grammar = { name: "phoenix", negotiate: negotiatePhoenix };
