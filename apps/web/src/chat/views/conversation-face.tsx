import type { Conversation } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { conversationPicture, conversationTitle, personName, personPicture } from "../page/names.ts";
import { Face, type FaceProps } from "./face.tsx";
import type { ChatProps } from "./props.ts";

/** Props of {@link ConversationFace}. */
export interface ConversationFaceProps extends ChatProps, Pick<FaceProps, "size" | "isOnline"> {
  readonly view: Conversation;
}

/** The picture of a conversation; of a group that has none, the faces of its members. */
export function ConversationFace({ page, chat, view, size = "medium", isOnline }: ConversationFaceProps): JSX.Element {
  const picture = conversationPicture(chat, view);
  const isComposed = view.type === "group" && picture === null && view.maxSeq === null && view.state === "active";
  const isLive = chat.link.state.value.kind === "live";
  useEffect(() => {
    if (isComposed && isLive) page.groupFaces.load(chat, view);
  }, [isComposed, isLive, view.id, view.metaSeq]);
  const userIds = isComposed ? page.groupFaces.of(chat, view) : [];
  if (userIds.length > 1)
    return (
      <span
        class="face face-grid"
        data-shape="square"
        data-size={size}
        data-many={userIds.length > 4}
        aria-hidden="true"
      >
        {/* The rows fill from below and from the right, so that the upper one is the short one. */}
        {userIds.toReversed().map((userId) => (
          <Face key={userId} name={personName(chat, userId)} picture={personPicture(chat, userId)} />
        ))}
      </span>
    );
  return (
    <Face
      name={conversationTitle(chat, view, page.words.value)}
      picture={picture}
      shape={view.type === "direct" ? "round" : "square"}
      size={size}
      isOnline={isOnline}
    />
  );
}
