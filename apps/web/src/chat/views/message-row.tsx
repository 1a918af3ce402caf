import type { JSX } from "preact";

import { noticeText } from "../page/names.ts";
import type { DeskProps, PageRow } from "./props.ts";
import { MessageView } from "./message/message-view.tsx";
import { PendingView } from "./message/pending-view.tsx";

/** Props of {@link MessageRowView}. */
export interface MessageRowProps extends DeskProps {
  readonly row: PageRow;
  readonly isHighlighted: boolean;
}

/** One row of the message list. */
export function MessageRowView(props: MessageRowProps): JSX.Element {
  const { page, chat, entry, row } = props;
  const words = page.words.value;
  switch (row.kind) {
    case "start":
      return <div class="row row-start" />;
    case "hole":
      return (
        <div class="row row-hole" role="status">
          <span class="spinner" aria-hidden="true" />
          {words.loading}
        </div>
      );
    case "day":
      return (
        <p class="row day">
          <span>{page.formatters.value.day(row.at, page.clock.now())}</span>
        </p>
      );
    case "unread":
      return (
        <p class="row unread-line">
          <span>{words.unreadLine}</span>
        </p>
      );
    case "pending":
      return <PendingView {...props} row={row} />;
    case "message":
      if (row.message.type === "notice")
        return (
          <p class="row notice-line">
            <span>{noticeText(chat, row.message.body, words)}</span>
          </p>
        );
      return (
        <MessageView
          page={page}
          chat={chat}
          entry={entry}
          desk={props.desk}
          row={row}
          isHighlighted={props.isHighlighted}
        />
      );
    default:
      return row satisfies never;
  }
}
