import type { InspectorSnapshot, TracedFrame } from "@hutong/chat-api";

/** What became of asking for a snapshot. */
export type SnapshotOutcome =
  | { readonly kind: "snapshot"; readonly snapshot: InspectorSnapshot }
  /** `token`: the server wants one, or another one. `not_local`: it answers its own machine only. `lost`: no answer. */
  | { readonly kind: "token" | "not_local" | "lost" };

/** Why a trace is over: the server's words, or `gone` and `lost`. */
export type TraceEnd = "time" | "closed" | "left" | "gone" | "lost";

/** Asks the server for everything but frames. Never rejects. */
export async function fetchSnapshot(token: string | undefined, search: string): Promise<SnapshotOutcome> {
  try {
    const query = search === "" ? "" : `?${new URLSearchParams({ search }).toString()}`;
    const response = await fetch(`/inspector/api/snapshot${query}`, { headers: headersFor(token) });
    if (response.status === 401) return { kind: "token" };
    if (response.status === 403) return { kind: "not_local" };
    if (!response.ok) return { kind: "lost" };
    const snapshot = (await response.json()) as InspectorSnapshot; // written by the server that served this page
    return { kind: "snapshot", snapshot };
  } catch {
    return { kind: "lost" }; // fetch rejects when the server cannot be reached
  }
}

/** What a trace is opened with. */
export interface TraceRequest {
  readonly connectionId: string;
  readonly token: string | undefined;
  /** Ends the trace, on the server too. */
  readonly signal: AbortSignal;
  /** From now on no frame is missed. */
  readonly onOpen: () => void;
  /** Receives frames in order. */
  readonly onFrames: (frames: readonly TracedFrame[]) => void;
}

/** Follows the frames of a connection. Resolves with why it ended; never rejects. */
export async function followTrace({ connectionId, token, signal, ...listeners }: TraceRequest): Promise<TraceEnd> {
  try {
    const path = `/inspector/api/connections/${encodeURIComponent(connectionId)}/trace`;
    const response = await fetch(path, { headers: headersFor(token), signal });
    if (!response.ok || response.body === null) return "gone";
    listeners.onOpen();
    for await (const { event, data } of readEvents(response.body)) {
      const value: unknown = JSON.parse(data);
      if (event === "end") return toEnd(value);
      if (Array.isArray(value)) listeners.onFrames(value as readonly TracedFrame[]); // written by the server that served this page
    }
    return "lost";
  } catch {
    return "lost"; // the link broke, or the page let go
  }
}

/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events; `EventSource` cannot send the token. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncIterable<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = `${rest}${decoder.decode(value, { stream: true })}`.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield toEvent(block);
  }
}

function toEvent(block: string): ServerSentEvent {
  const lines = block.split("\n");
  const valuesOf = (name: string): string =>
    lines
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trimStart())
      .join("\n");
  return { event: valuesOf("event"), data: valuesOf("data") };
}

function toEnd(value: unknown): TraceEnd {
  const why = typeof value === "object" && value !== null && "why" in value ? value.why : undefined;
  return why === "time" || why === "closed" || why === "left" ? why : "lost";
}

function headersFor(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
