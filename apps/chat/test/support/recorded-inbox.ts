import { Inbox } from "../../src/inbox/inbox.ts";

/** One push to a topic. */
export interface RecordedPush {
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
}

/** An inbox whose pushes end in a list, in their order. */
export function recordedInbox(): { readonly inbox: Inbox; readonly pushes: RecordedPush[] } {
  const pushes: RecordedPush[] = [];
  const inbox = new Inbox({
    broadcast: (topics, event, payload) => pushes.push(...[topics].flat().map((topic) => ({ topic, event, payload }))),
  });
  return { inbox, pushes };
}
