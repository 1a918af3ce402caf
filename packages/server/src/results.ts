/** What a join handler answers to let the client in. */
export interface Accept<TAssigns extends object = object> {
  readonly kind: "accept";
  readonly assigns: TAssigns;
  /** What the client's join resolves to. */
  readonly response: unknown;
}

/** What a handler answers to say no. */
export interface Refuse {
  readonly kind: "refuse";
  /** What the client is told. */
  readonly response: unknown;
}

/** What a handler answers to a push. */
export interface Reply<TResponse = unknown> {
  readonly kind: "reply";
  /** `"ok"`, or a word of the application. */
  readonly status: string;
  readonly response: TResponse;
}

/** What a handler answers to end its channel. */
export interface Stop {
  readonly kind: "stop";
  /** Whether the client should take it as a crash and join again. */
  readonly isCrash: boolean;
  /** Passed to the channel's `terminate`. */
  readonly reason: string;
  /** Sent before the end. */
  readonly answer: Reply | Refuse | undefined;
}

/** Lets a client in, optionally with assigns for its channel and with a response that the client's join resolves to. */
export function accept<TAssigns extends object = Record<never, never>>(
  options: { readonly assigns?: TAssigns; readonly response?: unknown } = {},
): Accept<TAssigns> {
  const assigns = options.assigns ?? ({} as TAssigns); // without assigns, TAssigns is the empty default
  return { kind: "accept", assigns, response: options.response === undefined ? {} : options.response };
}

/**
 * Says no to a connection, a join or a push. A string becomes `{ reason }`; an object is
 * sent as it is.
 */
export function refuse(reason: string | object): Refuse {
  return { kind: "refuse", response: typeof reason === "string" ? { reason } : reason };
}

/** Answers a push. `status` is `"ok"` unless the application has a word of its own. */
export function reply<TResponse = Record<never, never>>(
  response = {} as TResponse, // without a response, TResponse is the empty default
  status = "ok",
): Reply<TResponse> {
  return { kind: "reply", status, response };
}

/** Ends the channel as intended: the client is told that it is closed and does not come back by itself. */
export function stop(reason = "normal", answer?: Reply | Refuse): Stop {
  return { kind: "stop", isCrash: false, reason, answer };
}

/** Ends the channel as if the handler had thrown: the client joins again. */
export function crash(reason: string, answer?: Reply | Refuse): Stop {
  return { kind: "stop", isCrash: true, reason, answer };
}
