/** A case of a ported suite that Hutong has no counterpart for. */
export interface NotApplicable {
  /** The id that tests cite: the suite's prefix and the case's number. */
  readonly id: string;
  /** Why nothing can be tested. */
  readonly reason: string;
}

/** The ported suites: the prefix of their ids and how many cases each has. */
export const PORTED_SUITES = {
  /** Phoenix, websocket_channels_test. */
  ws: 28,
  /** Phoenix, long_poll_channels_test. */
  lp: 20,
  /** Phoenix, websocket_socket_test. */
  wss: 9,
  /** Phoenix, long_poll_socket_test. */
  lps: 7,
  /** AnyCable's anyt, core scenarios. */
  anyt: 32,
  /** AnyCable's own additions to anyt (1 to 9), then its feature tests. */
  any: 16,
} as const;

/** Every case that is not ported, with its reason. */
export const NOT_APPLICABLE: readonly NotApplicable[] = [
  {
    id: "ws-11",
    reason: "There are no server-side sessions and so no CSRF token; a client proves itself with a token.",
  },
  {
    id: "any-6",
    reason: "Sessions are not restored: every connection is authenticated, and positions make that lossless.",
  },
  { id: "any-10", reason: "A client does not choose how often it is pinged; the mount does." },
  { id: "any-14", reason: "There are no server-sent events." },
  { id: "any-16", reason: "The protocol of Pusher is not served." },
  { id: "ws-12", reason: "What a server wants to know besides the request is in the closure of its connect handler." },
  { id: "ws-14", reason: "Nothing is logged; an application that wants no report of connects passes no telemetry." },
  { id: "lp-11", reason: "A POST is answered when its frames are taken, so that no handler is too slow for it." },
  { id: "wss-4", reason: "There are no sockets without channels; the same is shown with a channel's reply in ws-2." },
  { id: "wss-6", reason: "There are no sockets without channels; an asynchronous push is shown in ws-2." },
  { id: "lps-2", reason: "There are no sockets without channels; a request with a reply is shown in lp-7." },
];
