import type { ChatProgramOptions } from "../../tools/chat-program.ts";

/** How long and how large a run is. */
export interface ChatEffort {
  readonly rounds: number;
  readonly warmMs: number;
  readonly measuredMs: number;
  /** People who are connected; in direct conversations all of them write. */
  readonly connected: number;
  /** Members of the group; half of them are connected. */
  readonly members: number;
  /** Messages that are loaded before queries are measured. */
  readonly messages: number;
  /** The loading stops after this time, however many there are. */
  readonly loadLimitMs: number;
  /** Calls of each query. */
  readonly calls: number;
  /** How the chat is started, beside its database. */
  readonly program: Omit<ChatProgramOptions, "databaseUrl">;
}

/** The efforts that the command line knows. */
export const CHAT_EFFORTS = {
  full: {
    ...{ rounds: 3, warmMs: 1_500, measuredMs: 3_000, connected: 64, members: 40 },
    ...{ messages: 1_000_000, loadLimitMs: 240_000, calls: 200, program: {} },
  },
  smoke: {
    ...{ rounds: 1, warmMs: 50, measuredMs: 600, connected: 4, members: 4 },
    ...{ messages: 2_000, loadLimitMs: 20_000, calls: 5, program: {} },
  },
} as const satisfies Readonly<Record<string, ChatEffort>>;
