import type {
  ChannelCommand,
  ErrorName,
  PresenceCard,
  PresenceMessage,
  PresenceNews,
  RecoverRequest,
} from "@hutong/protocol";
import { cardsOf, metaOf, newsOf, readDiff } from "../presence/presence-news.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { ChannelHost } from "./channel-host.ts";
import type { ChannelVoice } from "./channel-voice.ts";
import type { CableOptions } from "./define-channel.ts";
import type { Feed } from "./feed.ts";
import { withPastTime } from "./recover-plan.ts";

/** A channel whose client commands it. It owns what the client lists of itself. */
export interface CommandedChannel {
  readonly host: ChannelHost;
  /** The topic that was joined. */
  readonly topic: string;
  readonly voice: ChannelVoice;
  readonly feed: Feed;
}

/** The event of a whisper, for clients whose grammar carries events. */
const WHISPER_EVENT = "whisper";

/** What presence broadcasts to clients that are told diffs. */
const PRESENCE_EVENTS: ReadonlySet<string> = new Set(["presence_diff", "presence_state", "presence_count"]);

/** Carries out what a client asks of its channel without a handler. What the definition does not allow is reported and left. */
export class ChannelCommands {
  readonly #channel: CommandedChannel;
  /** What the definition lets clients do. */
  readonly #cable: CableOptions | undefined;
  /** The id under which the client has listed itself. */
  #presenceId: string | undefined;

  constructor(channel: CommandedChannel, cable: CableOptions | undefined) {
    this.#channel = channel;
    this.#cable = cable;
  }

  /** Carries out a command. Never throws. */
  run(command: ChannelCommand): void {
    switch (command.kind) {
      case "recover":
        return this.#recover(command.request);
      case "track":
        return this.track(command.presence);
      case "untrack":
        return this.#untrack();
      case "list":
        return this.#channel.voice.news(this.#list(command.returnsRecords));
      case "whisper":
        return this.#whisper(command.payload);
      default:
        return command satisfies never;
    }
  }

  /** Leaves a command, and says so where its sender waits for an answer. */
  refuse(command: ChannelCommand, code: ErrorName): void {
    this.#report(command.kind, code);
    if (command.kind === "list") this.#channel.voice.news({ kind: "unavailable" });
  }

  /** The messages that tell a change of presence; `undefined` for other broadcasts, and for clients that are told diffs. */
  newsFor({ topic, event, payload }: Broadcast): readonly PresenceMessage[] | undefined {
    const { host, voice } = this.#channel;
    const cable = this.#cable;
    if (cable?.presence === undefined || voice.peer.wireProtocol.traits.presence !== "news") return undefined;
    if (!PRESENCE_EVENTS.has(event)) return undefined;
    if (event !== "presence_diff") return [];
    const diff = readDiff(payload);
    return diff && newsOf(diff, host.presence.list(topic)).map((news) => voice.newsMessage(news));
  }

  /** Lists the client on the topic. Under its own id again, it changes what is said of it. */
  track({ id, info }: PresenceCard): void {
    const { host, topic } = this.#channel;
    if (this.#cable?.presence !== "open") return this.#report("track", "unknown_event");
    if (this.#presenceId !== undefined && this.#presenceId !== id) return this.#report("track", "invalid_payload");
    try {
      if (this.#presenceId === undefined) host.presence.track(topic, this.#channel, id, metaOf(info));
      else host.presence.update(topic, this.#channel, id, () => metaOf(info));
      this.#presenceId = id;
    } catch {
      // The info is too large, the id is one that a handler tracks, or it is changed too often.
      this.#report("track", "invalid_payload");
    }
  }

  #recover(request: RecoverRequest): void {
    const { host, feed } = this.#channel;
    feed.recover(withPastTime(request, host.clock.now()));
  }

  #untrack(): void {
    const { host, topic } = this.#channel;
    if (this.#presenceId === undefined) return;
    host.presence.untrack(topic, this.#channel, this.#presenceId);
    this.#presenceId = undefined;
  }

  #list(returnsRecords: boolean): PresenceNews {
    const { host, topic } = this.#channel;
    if (this.#cable?.presence === undefined) return { kind: "unavailable" };
    const cards = cardsOf(host.presence.list(topic));
    return { kind: "all", total: host.presence.count(topic), cards: returnsRecords ? cards : undefined };
  }

  /** Past the publisher: a whisper is never kept. */
  #whisper(payload: unknown): void {
    const { host, topic, feed } = this.#channel;
    if (this.#cable?.whisper !== true) return this.#report("whisper", "unknown_event");
    host.pubsub.publish({ topic, event: WHISPER_EVENT, payload }, feed);
  }

  #report(event: string, code: ErrorName): void {
    const { host, topic, voice } = this.#channel;
    host.telemetry({ kind: "message_refused", connectionId: voice.peer.info.id, topic, event, code });
  }
}
