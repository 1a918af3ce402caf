import type { Grammar } from "../wire-protocol.ts";
import { negotiateActionCable } from "./negotiate.ts";

/** Action Cable: `"actioncable-v1-json"`, and `"actioncable-v1-ext-json"` for the clients of AnyCable. */
export const actionCable: Grammar = { name: "action-cable", negotiate: negotiateActionCable };
