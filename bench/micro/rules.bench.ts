import { isTopic, judgeArrival, matchesTopic, type StreamPosition, type StreamStamp } from "@hutong/protocol";
import type { MicroBench } from "./measure.ts";

const position: StreamPosition = { epoch: "e1", offset: 41, id: "m41" };
const next: StreamStamp = { epoch: "e1", offset: 42, prev: 41, id: "m42" };

/** The pure rules that every message passes. */
export const ruleBenches: readonly MicroBench[] = [
  { name: "match a topic with a pattern", run: () => matchesTopic("room:*", "room:42") },
  { name: "check a topic", run: () => isTopic("room:42") },
  { name: "judge an arrival", run: () => judgeArrival(position, next) },
];
