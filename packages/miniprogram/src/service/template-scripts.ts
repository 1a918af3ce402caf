import { systemClock } from "../clock.ts";
import { Element as FrameworkElement, type GeneralComponent } from "glass-easel";
import { isRecord, textOf } from "../is-record.ts";
import { componentBehind } from "./component-methods.ts";
import { listeningNode } from "./event-shape.ts";

// The scripts of templates (WXS) may listen to events and to changes of
// properties. They see nodes through descriptors, never the nodes themselves.

/** Time of one picture on a screen, in milliseconds. */
const FRAME_MS = 16;

/** The segment of a node's style that templates do not write. */
const SCRIPT_STYLE = 3;

const STATES = new WeakMap<FrameworkElement, Record<string, unknown>>();

/** Where compiled templates find the two functions below: they are evaluated outside of this module. */
export const TEMPLATE_SCRIPTS_GLOBAL = "__miniProgramTemplates";

/** Makes the functions that compiled templates call known to the realm. */
export function installTemplateScripts(): void {
  Object.defineProperty(globalThis, TEMPLATE_SCRIPTS_GLOBAL, {
    value: { changeListener, callListener },
    configurable: true,
  });
}

type AnyFunction = (...args: unknown[]) => unknown;

/** What the framework hands to a listener of changes. */
function changeListener(listener: AnyFunction): AnyFunction {
  return (newValue, oldValue, owner, element) =>
    listener(newValue, oldValue, describeNode(owner), describeNode(element));
}

/** A method of the component gets the event; a function of a script gets descriptors, too. */
function callListener(caller: unknown, event: object, listener: AnyFunction): unknown {
  const component = componentBehind(caller);
  const isMethod = component !== undefined && Object.values(methodsOf(component)).includes(listener);
  if (isMethod || component === undefined) return listener.call(caller, event);
  Object.assign(event, { instance: describeNode(listeningNode(event)) });
  return listener(event, describeNode(component));
}

function methodsOf(component: GeneralComponent): Record<string, unknown> {
  return component.getComponentDefinition().behavior.getMethods();
}

function describeNode(value: unknown): object | undefined {
  const element = componentBehind(value) ?? (FrameworkElement.isElement(value) ? value : undefined);
  return element === undefined ? undefined : new NodeDescriptor(element).methods;
}

class NodeDescriptor {
  readonly #element: FrameworkElement;

  constructor(element: FrameworkElement) {
    this.#element = element;
  }

  /** The functions that WeChat documents for a descriptor. */
  get methods(): object {
    const element = this.#element;
    const descriptor = {
      selectComponent: (selector: string) => this.#select(selector)[0] ?? null,
      selectAllComponents: (selector: string) => this.#select(selector),
      setStyle: (style: unknown) => this.#chain(() => element.setNodeStyle(styleText(style), SCRIPT_STYLE)),
      addClass: (name: string) => this.#chain(() => element.toggleNodeClass(name, true)),
      removeClass: (name: string) => this.#chain(() => element.toggleNodeClass(name, false)),
      hasClass: (name: string) => element.class.split(/\s+/).includes(name),
      getDataset: () => element.dataset,
      getState: () => this.#state(),
      callMethod: (name: string, argument: unknown) => this.#call(name, argument),
      triggerEvent: (name: string, detail: unknown) => element.triggerEvent(name, detail, {}),
      requestAnimationFrame: (run: () => void) => void systemClock.after(FRAME_MS, run),
      // A script keeps what it gets and hands it back: here that is the function which cancels.
      setTimeout: (run: () => void, ms: number) => systemClock.after(ms, run),
      clearTimeout: (cancel: unknown) => void (typeof cancel === "function" && Reflect.apply(cancel, undefined, [])),
      getComputedStyle: () => ({}),
      getBoundingClientRect: () => ({}),
    };
    return descriptor;
  }

  #chain(change: () => void): object {
    change();
    return this.methods;
  }

  #state(): Record<string, unknown> {
    const state = STATES.get(this.#element) ?? {};
    STATES.set(this.#element, state);
    return state;
  }

  #select(selector: string): readonly object[] {
    const component = componentBehind(this.#element);
    const found = component?.getShadowRoot()?.querySelectorAll(selector) ?? [];
    return found.map((element) => new NodeDescriptor(element).methods);
  }

  #call(name: string, argument: unknown): void {
    const component = componentBehind(this.#element);
    if (component === undefined) return;
    const method = methodsOf(component)[name];
    if (typeof method === "function") method.call(component.getMethodCaller(), argument);
  }
}

function styleText(style: unknown): string {
  if (!isRecord(style)) return textOf(style);
  return Object.entries(style)
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${String(value)}`)
    .join(";");
}
