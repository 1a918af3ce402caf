import type { ConnectionRow } from "@hutong/chat-api";
import type { JSX } from "preact";

import { latest } from "../rates.ts";
import { markOf } from "../frames.ts";
import type { InspectorProps } from "./inspector-props.ts";
import { QueueBar } from "./queue-bar.tsx";
import { MirroredSparkline } from "./sparkline.tsx";

/** Props of {@link ConnectionLine}. */
export interface ConnectionLineProps extends InspectorProps {
  readonly row: ConnectionRow;
  /** Where the queue bar is full. */
  readonly maxQueuedBytes: number;
}

/** One connection; the whole row leads to its frames. */
export function ConnectionLine({ inspector, row, maxQueuedBytes }: ConnectionLineProps): JSX.Element {
  const [words, figures] = [inspector.words.value, inspector.figures.value];
  const rates = inspector.rates.of(row.id);
  const [firstTopic] = row.topics;
  return (
    <tr class="connection-line" data-state={row.state}>
      <th scope="row">
        <a class="row-link" href={`#connection/${row.id}`} title={words.watch}>
          {row.id}
        </a>
        <span class="row-kind">
          <span class="badge" data-client={markOf(row.wireProtocol)}>
            {row.wireProtocol}
          </span>
          <span class="row-transport">{row.transport}</span>
          {row.socketId !== null && <span class="row-transport">{row.socketId}</span>}
        </span>
      </th>
      <td data-column="channels">
        {firstTopic !== undefined && <span class="topic-name">{firstTopic}</span>}
        {row.channelCount > 1 && <span class="row-more">{words.more(row.channelCount - 1)}</span>}
      </td>
      <td data-column="age">{figures.duration(row.ageMs)}</td>
      <td data-column="in">{figures.rate(latest(rates.in))}</td>
      <td data-column="traffic">
        <MirroredSparkline up={rates.in} down={rates.out} />
      </td>
      <td data-column="out">{figures.rate(latest(rates.out))}</td>
      <td data-column="queue">
        <QueueBar bytes={row.queuedBytes} maxBytes={maxQueuedBytes} text={figures.bytes(row.queuedBytes)} />
      </td>
    </tr>
  );
}
