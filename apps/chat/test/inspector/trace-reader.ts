import type { TracedFrame } from "@hutong/chat-api";

/** A page's end of a trace. Disposing closes it, as a page that goes does. */
export interface TraceReader extends AsyncDisposable {
  readonly status: number;
  /** What has come so far, in order. */
  readonly frames: readonly TracedFrame[];
  /** Why the server ended it; `undefined` while it has not. */
  readonly end: string | undefined;
}

/** Opens a trace and reads it as it comes. */
export async function openTrace(url: string, connectionId: string): Promise<TraceReader> {
  const abort = new AbortController();
  const response = await fetch(`${url}/inspector/api/connections/${connectionId}/trace`, { signal: abort.signal });
  const frames: TracedFrame[] = [];
  let end: string | undefined;
  const read = async (): Promise<void> => {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const blocks = `${rest}${decoder.decode(chunk, { stream: true })}`.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const data: unknown = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "null");
        if (Array.isArray(data)) frames.push(...(data as TracedFrame[])); // what the route is typed to send
        else end = /"why":"(\w+)"/.exec(block)?.[1];
      }
    }
  };
  const reading = read().catch(() => {}); // the body rejects when the reader lets go
  return {
    status: response.status,
    frames,
    get end() {
      return end;
    },
    async [Symbol.asyncDispose]() {
      abort.abort();
      await reading;
    },
  };
}
