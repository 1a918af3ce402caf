import { isTopicPattern, matchesTopic, type TopicPattern } from "@hutong/protocol";
import { accept, refuse } from "../results.ts";
import { type CableOptions, type ChannelDefinition, defineChannel, type HistoryOptions } from "./define-channel.ts";
import { readSignedStream } from "./signed-streams.ts";

/** Options of {@link pubsubChannel}. */
export interface PubsubChannelOptions extends Pick<CableOptions, "presence" | "whisper"> {
  /** Gives the name in a signed one, `undefined` when the signature is not ours. @defaultValue no signed stream is followed */
  readonly verify?: (signedStream: string) => Promise<string | undefined>;
  /**
   * Topics that everyone may follow by name. No other handler is asked, so the patterns must not match topics whose
   * own channels refuse anybody. @defaultValue none
   */
  readonly allowPublic?: readonly TopicPattern[];
  /** What is kept of topics that no earlier definition matches. @defaultValue nothing */
  readonly history?: HistoryOptions;
}

/** The channel name that AnyCable's clients use. */
const NAME = "$pubsub";

/**
 * The channel behind `streamFrom` and `streamFromSigned` of AnyCable's clients: it has no handlers, and follows the topic
 * that its subscriber names. It matches every topic, so it belongs at the end of the list of channels.
 *
 * @throws {TypeError} when a pattern is malformed.
 * @example
 * const { verify } = createSignedStreams({ secret });
 * const channels = [room, pubsubChannel({ verify, allowPublic: ["news:*"] })];
 */
export function pubsubChannel(options: PubsubChannelOptions = {}): ChannelDefinition {
  const { verify, allowPublic = [], history, presence, whisper } = options;
  const wrong = allowPublic.find((pattern) => !isTopicPattern(pattern));
  if (wrong !== undefined)
    throw new TypeError(`"${wrong}" is no topic pattern; use a topic, or a prefix and one * at the end`);
  const cable: CableOptions = {
    name: NAME,
    topic: (params) => claimedStream(params) ?? "",
    ...(presence && { presence }),
    ...(whisper !== undefined && { whisper }),
  };
  return defineChannel("*", {
    cable,
    ...(history && { history }),
    join: async ({ topic, params }) => {
      const { signed } = namesIn(params);
      if (signed !== undefined) return (await verify?.(signed)) === topic ? accept() : refuse("unauthorized");
      const isPublic = claimedStream(params) === topic && allowPublic.some((pattern) => matchesTopic(pattern, topic));
      return isPublic ? accept() : refuse("unauthorized");
    },
  });
}

/** The stream that a subscriber names. A signed name wins; its signature is seen to when it joins. */
function claimedStream(params: unknown): string | undefined {
  const { signed, open } = namesIn(params);
  return signed === undefined ? open : readSignedStream(signed);
}

function namesIn(params: unknown): { readonly signed: string | undefined; readonly open: string | undefined } {
  return { signed: textIn(params, "signed_stream_name"), open: textIn(params, "stream_name") };
}

function textIn(params: unknown, key: string): string | undefined {
  if (typeof params !== "object" || params === null) return undefined;
  const value: unknown = Object.hasOwn(params, key) ? Reflect.get(params, key) : undefined;
  return typeof value === "string" ? value : undefined;
}
