import type { JSX } from "preact";

import { latest } from "../rates.ts";
import type { SnapshotProps } from "./inspector-props.ts";
import { Sparkline } from "./sparkline.tsx";

/** A delay of the event loop that people notice, in milliseconds. */
const SLOW_LAG_MS = 100;

interface Total {
  readonly label: string;
  readonly value: string;
  readonly points: readonly number[];
  readonly floor: number;
  readonly isAlarming?: boolean;
}

/** The node in six numbers, each with its last minute. */
export function TotalsStrip({ inspector, snapshot }: SnapshotProps): JSX.Element {
  const [words, figures] = [inspector.words.value, inspector.figures.value];
  const { connections, channels, queuedBytes } = snapshot.totals;
  const series = inspector.rates.totals;
  const lagMs = latest(snapshot.lagMs);
  const totals: readonly Total[] = [
    { label: words.connections, value: figures.count(connections), points: series.connections, floor: 4 },
    { label: words.channels, value: figures.count(channels), points: series.channels, floor: 4 },
    { label: words.messagesRate, value: figures.rate(latest(series.messages)), points: series.messages, floor: 4 },
    {
      label: words.deliveriesRate,
      value: figures.rate(latest(series.deliveries)),
      points: series.deliveries,
      floor: 4,
    },
    { label: words.queued, value: figures.bytes(queuedBytes), points: series.queuedBytes, floor: 4_096 },
    {
      label: words.lag,
      value: figures.milliseconds(lagMs),
      points: snapshot.lagMs,
      floor: 20,
      isAlarming: lagMs >= SLOW_LAG_MS,
    },
  ];
  return (
    <dl class="totals">
      {totals.map(({ label, value, points, floor, isAlarming }) => (
        <div key={label} class="total" data-alarm={isAlarming === true ? "on" : undefined}>
          <dt>{label}</dt>
          <dd>{value}</dd>
          <Sparkline points={points} floor={floor} />
        </div>
      ))}
    </dl>
  );
}
