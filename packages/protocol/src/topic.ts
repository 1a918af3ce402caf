/** The longest topic, in bytes; one length byte must hold it in binary frames (PHX-5). */
export const MAX_TOPIC_BYTES = 255;

/** An exact topic, or a prefix followed by one `*` at the end: `"room:*"`. */
export type TopicPattern = string;

// Printable ASCII without space, quotes, and what brokers give a meaning of their
// own (`*`, `>`, `#`, `$`), so that a topic travels unchanged as a Redis channel
// or a NATS token after the same escaping everywhere. `$` stays free for
// Hutong's own topics, which no client can name.
const TOPIC = /^[A-Za-z0-9:_\-./@+=~,|!()%&;]+$/;

/** Tells whether a string may name a topic: 1–255 bytes of the safe set. */
export function isTopic(value: string): boolean {
  return value.length <= MAX_TOPIC_BYTES && TOPIC.test(value);
}

/** Tells whether a string may be a {@link TopicPattern}. */
export function isTopicPattern(value: string): boolean {
  return value === "*" || isTopic(value.endsWith("*") ? value.slice(0, -1) : value);
}

/** Tells whether a topic matches a pattern. The star may stand for nothing: `room:*` matches `room:` (PHX-6). */
export function matchesTopic(pattern: TopicPattern, topic: string): boolean {
  return pattern.endsWith("*") ? topic.startsWith(pattern.slice(0, -1)) : topic === pattern;
}
