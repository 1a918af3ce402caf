import type { Frame } from "@hutong/protocol";
import { FrameClient, type FrameLink } from "./frame-client.ts";

/** A {@link FrameClient} with the words of Action Cable. Messages are parsed JSON. */
export class CableClient extends FrameClient<unknown> {
  constructor(link: FrameLink) {
    super(link, parseText);
  }

  /** Subscribes to a channel with these parameters. Gives the identifier, which the other calls take. */
  subscribe(channel: string, params: object = {}): string {
    const identifier = JSON.stringify({ channel, ...params });
    this.sendJson({ command: "subscribe", identifier });
    return identifier;
  }

  /** Ends a subscription. */
  unsubscribe(identifier: string): void {
    this.sendJson({ command: "unsubscribe", identifier });
  }

  /** Performs an action of a channel. */
  perform(identifier: string, action: string, payload: object = {}): void {
    this.sendJson({ command: "message", identifier, data: JSON.stringify({ ...payload, action }) });
  }
}

function parseText(frame: Frame): unknown {
  if (typeof frame !== "string") throw new TypeError("Action Cable has no binary frames");
  return JSON.parse(frame);
}
