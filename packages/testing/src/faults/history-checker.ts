import { type ClientEvent, ClientWalk, type Violation } from "./client-walk.ts";
import { type LoggedMessage, MessageLog } from "./message-log.ts";

/** What a run came to. */
export interface Verdict {
  /** The first violation of the run, in one paragraph; `undefined` when there is none. */
  readonly violation: string | undefined;
  /** Messages that were kept. */
  readonly kept: number;
  /** Messages that applications were given. */
  readonly delivered: number;
  /** Messages that somebody should have been given and was not. */
  readonly missing: number;
  /** Messages that were given twice. */
  readonly duplicates: number;
  /** Messages that were given out of order. */
  readonly reordered: number;
  /** Times that a client loaded its data anew after the first time. */
  readonly resets: number;
  /** Pushes that were answered with a yes. */
  readonly accepted: number;
  /** Violations of every kind. */
  readonly violations: number;
}

interface Push {
  readonly client: string;
  answer: "accepted" | "refused" | undefined;
}

interface Report extends Violation {
  /** Which event of the run brought it to light. */
  readonly turn: number;
}

/**
 * Holds what clients were given against what was kept. While the run goes on it only takes notes, because a client's
 * message and the log's may come in by different ways; {@link HistoryChecker.judge} looks at all of them.
 *
 * @example
 * checker.kept({ id: "m1", topic, stamp });
 * checker.note("anna", topic, { kind: "delivered", id: "m1" });
 * expect(checker.judge().violation).toBeUndefined();
 */
export class HistoryChecker {
  readonly #log = new MessageLog();
  readonly #notes: { readonly client: string; readonly topic: string; readonly event: ClientEvent }[] = [];
  readonly #pushes = new Map<string, Push>();
  readonly #reports: Report[] = [];

  /** Everything that was kept so far. */
  get log(): MessageLog {
    return this.#log;
  }

  /** A topic's history has the message. */
  kept(message: LoggedMessage): void {
    this.#log.add(message);
  }

  /** Something happened to a client; calls for one client are made in the order of the events. */
  note(client: string, topic: string, event: ClientEvent): void {
    this.#notes.push({ client, topic, event });
  }

  /** A client pushes; the id is unique in the run. */
  sent(client: string, pushId: string): void {
    this.#pushes.set(pushId, { client, answer: undefined });
  }

  /** The server said yes or no to a push. One whose answer nobody knows is not reported. */
  answered(pushId: string, answer: "accepted" | "refused"): void {
    const push = this.#pushes.get(pushId);
    if (push !== undefined) push.answer = answer;
  }

  /** What becomes of a push is not looked at: its answer and its message may differ, for a reason that is known. */
  excuse(pushId: string): void {
    this.#pushes.delete(pushId);
  }

  /** Something else was seen that must not be: a queue beyond its bound, a presence list that is wrong. */
  report(violation: Violation): void {
    this.#reports.push({ ...violation, turn: this.#notes.length });
  }

  /** Judges the run. It must be over, and quiet. */
  judge(): Verdict {
    const reports = [...this.#reports];
    const walks = this.#walk(reports);
    reports.push(...this.#judgePushes().map((violation) => ({ ...violation, turn: this.#notes.length })));
    const sum = (...invariants: Violation["invariant"][]): number =>
      reports.filter(({ invariant }) => invariants.includes(invariant)).reduce((total, { count }) => total + count, 0);
    reports.sort((one, other) => one.turn - other.turn);
    const [first] = reports;
    return {
      violation: first && `${first.invariant}: ${first.text}. (${reports.length} in all.)`,
      kept: this.#log.size,
      delivered: walks.reduce((total, { delivered }) => total + delivered, 0),
      missing: sum("I1", "I6"),
      duplicates: sum("I2"),
      reordered: sum("I3"),
      resets: walks.reduce((total, { resets }) => total + resets, 0),
      accepted: [...this.#pushes.values()].filter(({ answer }) => answer === "accepted").length,
      violations: reports.length,
    };
  }

  #walk(reports: Report[]): readonly ClientWalk[] {
    const walks = new Map<string, ClientWalk>();
    this.#notes.forEach(({ client, topic, event }, turn) => {
      const key = `${client} ${topic}`;
      const walk = walks.get(key) ?? new ClientWalk(this.#log, client, topic);
      walks.set(key, walk);
      const known = walk.violations.length;
      walk.take(event);
      reports.push(...walk.violations.slice(known).map((violation) => ({ ...violation, turn })));
    });
    for (const walk of walks.values()) {
      const known = walk.violations.length;
      walk.finish();
      reports.push(...walk.violations.slice(known).map((violation) => ({ ...violation, turn: this.#notes.length })));
    }
    return [...walks.values()];
  }

  #judgePushes(): readonly Violation[] {
    const kept = new Map<string, LoggedMessage[]>();
    for (const message of this.#log.messages) {
      if (message.pushId === undefined) continue;
      kept.set(message.pushId, [...(kept.get(message.pushId) ?? []), message]);
    }
    const violations: Violation[] = [];
    for (const [pushId, { client, answer }] of this.#pushes) {
      const messages = kept.get(pushId) ?? [];
      const text = `push ${pushId} of ${client}`;
      if (answer === "accepted" && messages.length === 0)
        violations.push({ invariant: "I4", count: 1, text: `${text} was accepted and is not in the history` });
      if (answer === "refused" && messages.length > 0)
        violations.push({ invariant: "I5", count: 1, text: `${text} was refused and is in the history` });
      if (new Set(messages.map(({ life }) => life)).size < messages.length)
        violations.push({ invariant: "I4", count: 1, text: `${text} is in the history ${messages.length} times` });
    }
    return violations;
  }
}
