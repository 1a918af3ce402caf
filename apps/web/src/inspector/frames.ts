import type { TracedFrame } from "@hutong/chat-api";

/** The three client families of the chat, by their marks. */
export type ClientMark = "hutong" | "phoenix" | "action_cable";

/** Whether a frame says no, or breaks something. */
export function isTrouble({ kind, event }: TracedFrame): boolean {
  return ["refused", "crashed", "unreadable", "disconnect"].includes(kind) || (kind === "reply" && event === "error");
}

/** A lane's name for people: Action Cable's identifiers are JSON, of which the channel's name comes first. */
export function laneLabel(topic: string): string {
  if (!topic.startsWith("{")) return topic;
  try {
    const identifier: unknown = JSON.parse(topic);
    const { channel, ...params } = Object.fromEntries(Object.entries(identifier ?? {}).map(([k, v]) => [k, String(v)]));
    return [channel ?? "", ...Object.entries(params).map(([name, value]) => `${name}:${value}`)].join(" ");
  } catch {
    return topic; // a topic that merely begins with a brace
  }
}

/** Which mark a wire protocol goes by. */
export function markOf(wireProtocol: string): ClientMark {
  if (wireProtocol.startsWith("actioncable")) return "action_cable";
  return wireProtocol.includes("hutong") ? "hutong" : "phoenix";
}
