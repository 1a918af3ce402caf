import type { ActionName } from "@hutong/chat-api";

/**
 * Where each action that this client asks for is over HTTP: its method, and its path below `/api`. The contract has the
 * same together with its schemas, which a mini-program does without; a test compares the two.
 */
export const ROUTES = {
  register: "POST /accounts",
  sign_in: "POST /sessions",
  visit: "POST /visitors",
  sign_in_with_wechat: "POST /sessions/wechat",
  refresh_session: "POST /sessions/refresh",
  sign_out: "POST /sessions/current/end",
  update_profile: "PUT /me",
  search_users: "GET /users/search",
  get_user: "GET /users/{userId}",
  get_presences: "GET /presences",
  request_friend: "POST /friend-requests",
  list_friend_requests: "GET /friend-requests",
  answer_friend_request: "POST /friend-requests/{requestId}/answer",
  list_friends: "GET /friends",
  remove_friend: "DELETE /friends/{userId}",
  block_user: "PUT /blocks/{userId}",
  unblock_user: "DELETE /blocks/{userId}",
  list_conversations: "GET /conversations",
  get_conversation: "GET /conversations/{conversationId}",
  open_direct: "POST /conversations/direct",
  open_room: "POST /rooms/{name}/enter",
  list_members: "GET /conversations/{conversationId}/members",
  update_membership: "PUT /conversations/{conversationId}/membership",
  mark_read: "POST /conversations/{conversationId}/read",
  mark_received: "POST /conversations/{conversationId}/received",
  set_typing: "POST /conversations/{conversationId}/typing",
  clear_history: "POST /conversations/{conversationId}/clear",
  create_group: "POST /groups",
  update_group: "PUT /groups/{conversationId}",
  add_members: "POST /groups/{conversationId}/members",
  remove_member: "DELETE /groups/{conversationId}/members/{userId}",
  leave_group: "POST /groups/{conversationId}/leave",
  dismiss_group: "DELETE /groups/{conversationId}",
  send_message: "POST /conversations/{conversationId}/messages",
  pull_messages: "GET /conversations/{conversationId}/messages",
  pull_changes: "GET /conversations/{conversationId}/changes",
  recall_message: "POST /conversations/{conversationId}/messages/{seq}/recall",
  delete_messages: "POST /conversations/{conversationId}/messages/delete",
  react: "PUT /conversations/{conversationId}/messages/{seq}/reactions",
  sync: "POST /sync",
  heartbeat: "POST /sync/heartbeat",
} as const satisfies Partial<Readonly<Record<ActionName, `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`>>>;

/** An action that this client asks for. */
export type UsedAction = keyof typeof ROUTES;

/** What a request is made of. */
export interface ActionRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the server's address, with the query. */
  readonly path: string;
  /** `undefined` for none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

/** Puts the fields of an input where they travel: path, query or body. */
export function toRequest(name: UsedAction, input: object): ActionRequest {
  const [word = "", path = ""] = ROUTES[name].split(" ");
  const method = METHODS.find((one) => one === word) ?? "GET";
  const rest = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(rest.get(field));
    rest.delete(field);
    return encodeURIComponent(value);
  });
  if (method === "POST" || method === "PUT") return { method, path: `/api${filled}`, body: Object.fromEntries(rest) };
  const query = [...rest].map(([field, value]) => `${field}=${encodeURIComponent(String(value))}`).join("&");
  return { method, path: `/api${filled}${query === "" ? "" : `?${query}`}`, body: undefined };
}
