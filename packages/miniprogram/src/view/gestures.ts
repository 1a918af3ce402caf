import { systemClock } from "../clock.ts";
import type { EmitOptions } from "./runtime.ts";
import type { ViewTree } from "./tree.ts";

/** How far a finger may wander before a touch is no tap, in CSS pixels. */
const TAP_SLOP = 10;
/** How long a finger rests before it is a long press, in milliseconds. */
const LONG_PRESS_MS = 350;

type Emit = (target: Element, type: string, detail: unknown, options?: EmitOptions) => void;

interface Press {
  readonly id: number;
  readonly target: Element;
  readonly x: number;
  readonly y: number;
  isMoved: boolean;
  isLong: boolean;
  cancelLong: () => void;
}

/** Turns pointers of any kind into the touches of WeChat. */
export class Gestures {
  readonly #tree: ViewTree;
  readonly #emit: Emit;
  #press: Press | undefined;
  #moved: PointerEvent | undefined;
  #skipsTap = false;

  /** Hands events to `emit` once it listens. */
  constructor(tree: ViewTree, emit: Emit) {
    this.#tree = tree;
    this.#emit = emit;
  }

  /** Listens on the document from now on. */
  listen(): void {
    document.addEventListener("pointerdown", (event) => this.#down(event), true);
    document.addEventListener("pointermove", (event) => this.#move(event), true);
    document.addEventListener("pointerup", (event) => this.#up(event), true);
    document.addEventListener("pointercancel", (event) => this.#cancel(event), true);
    document.addEventListener("click", (event) => this.#click(event), true);
    document.addEventListener("touchmove", (event) => this.#keepStill(event), { passive: false });
    document.addEventListener("wheel", (event) => this.#keepStill(event), { passive: false });
    document.addEventListener("contextmenu", (event) => event.preventDefault());
    document.addEventListener("transitionend", (event) => this.#styleEvent("transitionend", event));
    for (const type of ["animationstart", "animationiteration", "animationend"] as const) {
      document.addEventListener(type, (event) => this.#styleEvent(type, event));
    }
  }

  #down(event: PointerEvent): void {
    const target = targetOf(event);
    if (target === undefined || !event.isPrimary) return;
    const press: Press = {
      id: event.pointerId,
      target,
      x: event.clientX,
      y: event.clientY,
      isMoved: false,
      isLong: false,
      cancelLong: () => {},
    };
    press.cancelLong = systemClock.after(LONG_PRESS_MS, () => this.#long(press));
    this.#press = press;
    this.#skipsTap = false;
    this.#send("touchstart", event, target);
  }

  #move(event: PointerEvent): void {
    const press = this.#press;
    if (press?.id !== event.pointerId) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > TAP_SLOP) {
      press.isMoved = true;
      press.cancelLong();
    }
    if (!this.#tree.hasListener("touchmove")) return;
    if (this.#moved === undefined) requestAnimationFrame(() => this.#flushMove());
    this.#moved = event;
  }

  #flushMove(): void {
    const event = this.#moved;
    this.#moved = undefined;
    if (event !== undefined && this.#press !== undefined) this.#send("touchmove", event, this.#press.target);
  }

  #up(event: PointerEvent): void {
    const press = this.#press;
    if (press?.id !== event.pointerId) return;
    this.#flushMove();
    press.cancelLong();
    this.#skipsTap = press.isMoved || press.isLong;
    this.#press = undefined;
    this.#send("touchend", event, press.target);
  }

  #cancel(event: PointerEvent): void {
    const press = this.#press;
    if (press?.id !== event.pointerId) return;
    press.cancelLong();
    this.#press = undefined;
    this.#send("touchcancel", event, press.target);
  }

  #long(press: Press): void {
    if (this.#press !== press || press.isMoved) return;
    const point = { x: press.x, y: press.y };
    // A tap follows a long press unless somebody waited for the press.
    press.isLong = this.#tree.hasListener("longpress");
    const fields = touchFields(press.id, press.x, press.y);
    for (const type of ["longpress", "longtap"]) this.#emit(press.target, type, point, { bubbles: true, fields });
  }

  #click(event: MouseEvent): void {
    const target = targetOf(event);
    if (target === undefined) return;
    const skips = this.#skipsTap && event.detail > 0;
    this.#skipsTap = false;
    if (skips || isDisabled(target)) {
      event.stopPropagation();
      return;
    }
    const { left, top } = target.getBoundingClientRect();
    // A click by keyboard or script has no place of its own.
    const [x, y] = event.detail === 0 ? [left, top] : [event.clientX, event.clientY];
    const detail = { x: x + window.scrollX, y: y + window.scrollY };
    this.#emit(target, "tap", detail, { bubbles: true, fields: touchFields(0, x, y) });
  }

  #send(type: string, event: PointerEvent, target: Element): void {
    if (!this.#tree.hasListener(type)) return;
    const fields = touchFields(event.pointerId, event.clientX, event.clientY);
    const isOver = type === "touchend" || type === "touchcancel";
    const detail = { x: event.pageX, y: event.pageY };
    this.#emit(target, type, detail, { bubbles: true, fields: isOver ? { ...fields, touches: [] } : fields });
  }

  #keepStill(event: TouchEvent | WheelEvent): void {
    const target = targetOf(event);
    if (target !== undefined && this.#tree.isCaught(target, "touchmove") && event.cancelable) event.preventDefault();
  }

  #styleEvent(type: string, event: AnimationEvent | TransitionEvent): void {
    const target = targetOf(event);
    if (target === undefined || !this.#tree.hasListener(type)) return;
    this.#emit(target, type, { elapsedTime: event.elapsedTime }, { bubbles: true });
  }
}

/** The element that was hit; what lies in the shadow of a built-in counts as the built-in. */
function targetOf(event: Event): Element | undefined {
  return event.target instanceof Element ? event.target : undefined;
}

function isDisabled(target: Element): boolean {
  return target.closest("wx-button[disabled]") !== null;
}

function touchFields(identifier: number, clientX: number, clientY: number) {
  const touch = {
    identifier: Math.max(0, identifier % 10),
    clientX,
    clientY,
    pageX: clientX + window.scrollX,
    pageY: clientY + window.scrollY,
    force: 1,
  };
  return { touches: [touch], changedTouches: [touch] };
}
