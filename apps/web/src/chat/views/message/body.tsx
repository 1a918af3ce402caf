import type { Message } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { linkify } from "../../../state/linkify.ts";
import { Icon } from "../../../views/icons.tsx";
import { HOME } from "../../page/address.ts";
import { personName, personPicture } from "../../page/names.ts";
import type { Desk } from "../desk.ts";
import { Face } from "../face.tsx";
import type { ChatProps } from "../props.ts";
import { fileSize } from "./file-size.ts";
import { Video } from "./video.tsx";
import { Voice } from "./voice.tsx";

/** Props of {@link Body}. */
export interface BodyProps extends ChatProps {
  readonly desk: Desk | undefined;
  readonly message: Message;
}

/** What a message says, by its type. */
export function Body({ page, chat, desk, message }: BodyProps): JSX.Element | null {
  const words = page.words.value;
  switch (message.type) {
    case "text":
      return <Text {...{ page, chat, desk, message }} text={message.body.text} />;
    case "image":
      return <Picture {...{ page, chat, desk, message }} />;
    case "voice":
      return <Voice page={page} fileId={message.body.fileId} durationMs={message.body.durationMs} />;
    case "video":
      return <Video page={page} body={message.body} />;
    case "file":
      return (
        <a class="file-line" href={`/api/files/${message.body.fileId}`} download={message.body.name}>
          <Icon name="file" />
          <span class="file-name">{message.body.name}</span>
          <span class="hint">{fileSize(message.body.size)}</span>
        </a>
      );
    case "location":
      return <Place message={message} />;
    case "card":
      return (
        <button type="button" class="card-line" onClick={() => page.place.goTo({ ...HOME, card: message.body.userId })}>
          <Face name={personName(chat, message.body.userId)} picture={personPicture(chat, message.body.userId)} />
          <span>
            <b>{personName(chat, message.body.userId)}</b>
            <span class="hint">{words.contactCard}</span>
          </span>
        </button>
      );
    case "custom":
      return <p class="hint">{`${words.kinds.custom} ${message.body.kind}`}</p>;
    case "notice":
    case "recalled":
    case "removed":
      return null;
    default:
      return message satisfies never;
  }
}

/** Text stays text: addresses become anchors, names that were mentioned stand out. */
function Text({ chat, message, text }: BodyProps & { readonly text: string }): JSX.Element {
  const names = message.mentions.map((userId) => `@${personName(chat, userId)}`);
  const isMe = message.mentionsAll || message.mentions.includes(chat.userId);
  return (
    <p class="bubble-text" data-mentions-me={isMe}>
      {linkify(text).map((part, index) =>
        part.kind === "link" ? (
          <a key={index} href={part.url} target="_blank" rel="noopener noreferrer">
            {part.text}
          </a>
        ) : (
          withMentions(part.text, names)
        ),
      )}
    </p>
  );
}

function withMentions(text: string, names: readonly string[]): (string | JSX.Element)[] {
  const found = names
    .filter((name) => name.length > 1)
    .flatMap((name) => (text.includes(name) ? [{ name, at: text.indexOf(name) }] : []))
    .sort((left, right) => left.at - right.at)[0];
  if (found === undefined) return [text];
  return [
    text.slice(0, found.at),
    <b key={`${found.name}${found.at}`} class="mention">
      {found.name}
    </b>,
    ...withMentions(text.slice(found.at + found.name.length), names),
  ];
}

/** A picture has its place before it has come, and when it does not come, so that nothing jumps. */
function Picture({ page, desk, message }: BodyProps): JSX.Element | null {
  // Moving and very small pictures may have no thumbnail.
  const [source, setSource] = useState<"thumbnail" | "whole" | "none">("thumbnail");
  if (message.type !== "image") return null;
  const { fileId, width, height, caption } = message.body;
  const label = caption ?? page.words.value.kinds.image;
  const ratio = String((width || 4) / (height || 3));
  return (
    <>
      <button
        type="button"
        class="picture-button"
        aria-label={label}
        onClick={() => desk && (desk.viewed.value = message)}
      >
        {source === "none" ? (
          <span class="picture picture-none" style={{ "--ratio": ratio }}>
            {page.words.value.noPicture}
          </span>
        ) : (
          <img
            class="picture"
            src={`/api/files/${fileId}${source === "thumbnail" ? "/thumbnail" : ""}`}
            alt={label}
            width={width || 240}
            height={height || 180}
            decoding="async"
            onError={() => setSource(source === "thumbnail" ? "whole" : "none")}
            style={{ "--ratio": ratio }}
          />
        )}
      </button>
      {caption !== undefined && <p class="bubble-text">{caption}</p>}
    </>
  );
}

function Place({ message }: { readonly message: Extract<Message, { type: "location" }> }): JSX.Element {
  const { latitude, longitude, title, address } = message.body;
  const at = `${latitude.toFixed(5)},${longitude.toFixed(5)}`;
  return (
    <a
      class="place-line"
      href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
      target="_blank"
      rel="noopener noreferrer"
    >
      <span class="place-map" aria-hidden="true">
        <Icon name="place" />
      </span>
      <span>
        <b>{title === "" ? at : title}</b>
        <span class="hint">{address === "" ? at : address}</span>
      </span>
    </a>
  );
}
