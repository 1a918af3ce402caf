import type { JSX } from "preact";

import { hueOf } from "../state/identity.ts";
import { linkify } from "../state/linkify.ts";
import type { MessageGroup } from "../state/message-groups.ts";
import type { TimelineEntry } from "../state/timeline.ts";
import type { PageProps } from "./page-props.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";

/** Messages of one sender, with the name once. */
export function Group({ page, group }: PageProps & { readonly group: MessageGroup }): JSX.Element {
  const first = group.entries[0];
  const formatters = page.formatters.value;
  return (
    <article class="group" data-own={group.isOwn}>
      {!group.isOwn && <Avatar name={group.from} />}
      <div class="group-body">
        <p class="group-head">
          <b class={group.isOwn ? "visually-hidden" : "group-name"} style={{ "--hue": String(hueOf(group.from)) }}>
            {group.isOwn ? page.words.value.you : group.from}
          </b>
          {first !== undefined && (
            <time dateTime={new Date(first.atMs).toISOString()}>{formatters.time(first.atMs)}</time>
          )}
        </p>
        {group.entries.map((entry) => (
          <Message key={entry.key} page={page} entry={entry} isLast={entry === group.entries.at(-1)} />
        ))}
      </div>
    </article>
  );
}

interface MessageProps extends PageProps {
  readonly entry: TimelineEntry;
  readonly isLast: boolean;
}

function Message({ page, entry, isLast }: MessageProps): JSX.Element {
  return (
    <div class="message" data-delivery={entry.delivery}>
      <p class="bubble" dir="auto" title={page.formatters.value.moment(entry.atMs)}>
        <Body text={entry.body} />
      </p>
      {entry.isOwn && (isLast || entry.delivery !== "sent") && <Delivery page={page} entry={entry} />}
    </div>
  );
}

/** Text stays text: addresses become anchors, everything else becomes text nodes. */
function Body({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {linkify(text).map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <a key={index} href={part.url} target="_blank" rel="noopener noreferrer">
            {part.text}
          </a>
        ),
      )}
    </>
  );
}

function Delivery({ page, entry }: PageProps & { readonly entry: TimelineEntry }): JSX.Element {
  const words = page.words.value;
  return (
    <p class="delivery">
      <Icon name={entry.delivery === "sent" ? "check" : entry.delivery} />
      {words[entry.delivery]}
      {entry.delivery === "failed" && (
        <>
          <button type="button" class="text-button" onClick={() => page.room.retry(entry.key)}>
            {words.retry}
          </button>
          <button type="button" class="text-button" onClick={() => page.room.discard(entry.key)}>
            {words.discard}
          </button>
        </>
      )}
    </p>
  );
}
