import type { Page } from "playwright-core";

/** What becomes of the pushes of a page. */
export interface SocketTap {
  /** The server does not hear of the next pushes with this event, as many as `times`: they are refused for this reason. */
  refuse(event: string, reason: string, times: number): void;
  /** Holds back the answer to the next push with this event, until the returned function is called. */
  hold(event: string): () => void;
  /** How often the page has pushed the event. */
  countOf(event: string): number;
}

/** A frame of a page, as far as it is looked at. */
type Frame = readonly [joinRef: string | null, ref: string | null, topic: string, event: string];

/** Stands between a page and the chat's socket. To be called before the page connects. */
export async function tapSocket(page: Page): Promise<SocketTap> {
  const refusals: { readonly event: string; readonly reason: string }[] = [];
  const holds = new Map<string, Promise<void>>();
  const heldRefs = new Map<string, Promise<void>>();
  const counts = new Map<string, number>();
  await page.routeWebSocket("**/socket/**", (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      const held = heldRefs.get(parse(frame)[1] ?? "");
      if (held === undefined) socket.send(frame);
      else void held.then(() => socket.send(frame));
    });
    socket.onMessage((frame) => {
      const [joinRef, ref, topic, event] = parse(frame);
      counts.set(event, (counts.get(event) ?? 0) + 1);
      const held = holds.get(event);
      if (held !== undefined && ref !== null) heldRefs.set(ref, held);
      holds.delete(event);
      const index = refusals.findIndex((refusal) => refusal.event === event);
      if (index < 0) return server.send(frame);
      const [refusal] = refusals.splice(index, 1);
      const answer = { status: "error", response: { reason: refusal?.reason } };
      socket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", answer]));
    });
  });
  return {
    refuse: (event, reason, times) => {
      for (let time = 0; time < times; time += 1) refusals.push({ event, reason });
    },
    hold: (event) => {
      let release = (): void => undefined;
      holds.set(event, new Promise((resolve) => (release = resolve)));
      return () => release();
    },
    countOf: (event) => counts.get(event) ?? 0,
  };
}

function parse(frame: string | Buffer): Frame {
  // Both sides write frames of this shape.
  return JSON.parse(String(frame));
}
