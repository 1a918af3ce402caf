import { Event, type Element as FrameworkElement } from "glass-easel";

/** The target of an event as handlers see it: plain data that they may print and copy. */
interface PlainTarget {
  readonly id: string;
  readonly dataset: Readonly<Record<string, unknown>>;
  readonly offsetLeft: number;
  readonly offsetTop: number;
}

const LISTENING = new WeakMap<object, FrameworkElement>();
let isShaped = false;

/** The node, or its component's instance, whose listener got this event. */
export function listeningNode(event: object): FrameworkElement | undefined {
  return LISTENING.get(event);
}

/**
 * Gives handlers the events that WeChat documents: own fields for type, time, detail and touches, and targets
 * that are plain data. Acts on the framework's class, once per realm.
 */
export function shapeEvents(): void {
  if (isShaped) return;
  isShaped = true;
  // Kept to be called with the event that it is called on.
  // oxlint-disable-next-line typescript/unbound-method
  const original = Event.prototype.wrapShadowedEvent;
  Event.prototype.wrapShadowedEvent = function shape(target, mark, currentTarget) {
    const event = original.call(this, target, mark, currentTarget);
    const fields = { ...this.extraFields };
    LISTENING.set(event, currentTarget);
    return Object.assign(event, {
      type: this.type,
      timeStamp: this.timeStamp,
      detail: this.detail,
      mark: mark ?? {},
      ...fields,
      // Over the getters of the framework's type: handlers see plain data.
      ...{ target: plainTarget(target, fields["targetOffset"]), currentTarget: plainTarget(currentTarget, undefined) },
    });
  };
}

function plainTarget(target: FrameworkElement, offset: unknown): PlainTarget {
  const place = { offsetLeft: 0, offsetTop: 0, ...(typeof offset === "object" && offset) };
  return { id: target.id, dataset: { ...target.dataset }, ...place };
}
