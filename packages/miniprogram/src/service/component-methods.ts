import { Component, Element as FrameworkElement, type GeneralComponent } from "glass-easel";
import { component as adapter } from "glass-easel-miniprogram-adapter";
import { isRecord, numberOf } from "../is-record.ts";
import { animate, clearAnimation } from "./animation.ts";
import { IntersectionObserver, type IntersectionOptions } from "./intersection-observer.ts";
import { MediaQueryObserver } from "./media-query-observer.ts";
import { contextOf, SelectorQuery } from "./selector-query.ts";
import { ViewElement } from "./view-element.ts";

/** The framework's node behind what a project knows as a component's instance. */
export function componentBehind(instance: unknown): GeneralComponent | undefined {
  if (Component.isComponent(instance)) return instance;
  const node: unknown = isRecord(instance) ? instance["_$"] : undefined;
  return Component.isComponent(node) ? node : undefined;
}

let isInstalled = false;

/**
 * Adds to components and pages what the framework's adapter leaves out. Acts on the adapter's class, once per
 * realm.
 */
export function installComponentMethods(): void {
  if (isInstalled) return;
  isInstalled = true;
  reflectDatasets();
  reportMissingHandlers();
  const { prototype } = adapter.ComponentCaller;
  // Kept to be called with the instance that they are called on.
  // oxlint-disable-next-line typescript/unbound-method
  const original = { setData: prototype.setData, hasBehavior: prototype.hasBehavior };
  define(prototype, {
    createSelectorQuery(this: unknown) {
      return new SelectorQuery(componentBehind(this));
    },
    createIntersectionObserver(this: unknown, options: IntersectionOptions = {}) {
      return new IntersectionObserver(componentBehind(this), options);
    },
    createMediaQueryObserver(this: unknown) {
      return new MediaQueryObserver(componentBehind(this));
    },
    animate(this: unknown, selector: string, keyframes: unknown, ...rest: unknown[]) {
      const [duration, last] = rest;
      const node = componentBehind(this);
      if (node === undefined) return;
      const timeline = isRecord(last) ? { timeline: last } : {};
      void animate(node, selector, { keyframes, durationMs: numberOf(duration, 0), ...timeline }).then(() =>
        call(last),
      );
    },
    clearAnimation(this: unknown, selector: string, ...rest: unknown[]) {
      const node = componentBehind(this);
      const [options] = rest.filter(isRecord);
      const names = Object.keys(options ?? {}).filter((name) => options?.[name] === true);
      if (node !== undefined)
        void clearAnimation(node, selector, names).then(() => call(rest.find((one) => typeof one === "function")));
    },
    setData(this: { readonly _$: GeneralComponent }, data: unknown, callback?: () => void) {
      if (isRecord(data)) original.setData.call(this, withoutUndefined(data), callback);
      else callback?.call(this);
    },
    hasBehavior(this: { readonly _$: GeneralComponent }, behavior: unknown) {
      return isRecord(behavior) ? original.hasBehavior.call(this, behavior as never) : false;
    },
    getPageId(this: unknown) {
      const node = componentBehind(this);
      return `pageId:${node === undefined ? 0 : contextOf(node)?.webviewId}`;
    },
    getTabBar: () => null,
    applyAnimation: () => {},
    // Of another renderer, which asks for them only when a component was made for it.
    applyAnimatedStyle: () => {},
    clearAnimatedStyle: () => {},
    setUpdatePerformanceListener: () => {},
  });
}

/** Style sheets may ask for `[data-theme="dark"]`; the framework keeps such fields in the logic layer. */
function reflectDatasets(): void {
  const { prototype } = FrameworkElement;
  // Kept to be called with the element that it is called on.
  // oxlint-disable-next-line typescript/unbound-method
  const original = prototype.setDataset;
  define(prototype, {
    setDataset(this: FrameworkElement, name: string, value: unknown) {
      original.call(this, name, value);
      const element = this.getBackendElement();
      if (element instanceof ViewElement) element.setDataset(name, value);
    },
  });
}

/** A template may name a function that its component does not have: only templates ask for methods by name. */
function reportMissingHandlers(): void {
  // It is static, and asks nothing of what it is called on.
  // oxlint-disable-next-line typescript/unbound-method
  const { getMethod } = Component;
  define(Component, {
    getMethod(component: GeneralComponent, name: string) {
      const method: unknown = getMethod(component, name);
      // With these names, the last that of an attribute without a value, projects catch events for nobody.
      if (method === undefined && !["", "true"].includes(name.trim()))
        contextOf(component)?.missesHandler(component.is, name);
      return method;
    },
  });
}

function define(prototype: object, methods: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  }
}

function call(listener: unknown): void {
  if (typeof listener === "function") listener();
}

/** A field that is set to `undefined` is left as it is, as in WeChat. */
function withoutUndefined(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
