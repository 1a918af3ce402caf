import type { AnimateOptions, MeasureFields, ObserveOptions } from "../bus/dom-operation.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";

/** Measures an element, or the page when there is none. Lengths are in CSS pixels. */
export function measure(element: Element | undefined, fields: MeasureFields): Readonly<Record<string, unknown>> {
  return {
    ...(fields.rect === true && (element === undefined ? viewportRect() : rectOf(element))),
    ...(fields.scroll === true && scrollOf(element ?? document.scrollingElement ?? document.documentElement)),
    ...(fields.computedStyle !== undefined && { computedStyle: stylesOf(element, fields.computedStyle) }),
  };
}

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function viewportRect(): Rect {
  return { left: 0, top: 0, width: window.innerWidth, height: window.innerHeight };
}

function rectOf(element: Element): Rect {
  const isContents = getComputedStyle(element).display === "contents";
  const first = isContents ? element.firstElementChild : null;
  const { left, top, width, height } = (first ?? element).getBoundingClientRect();
  return { left, top, width, height };
}

function scrollOf({ scrollLeft, scrollTop, scrollWidth, scrollHeight }: Element) {
  return { scrollLeft, scrollTop, scrollWidth, scrollHeight };
}

function stylesOf(element: Element | undefined, names: readonly string[]): Readonly<Record<string, string>> {
  const computed = getComputedStyle(element ?? document.body);
  const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.fromEntries(names.map((name) => [name, computed.getPropertyValue(kebab(name))]));
}

/** Reports when the visible part of an element crosses a threshold; the returned function ends it. */
export function observeIntersection(
  element: Element,
  { relativeTo, options }: { readonly relativeTo: Element | undefined; readonly options: ObserveOptions },
  report: (entry: object) => void,
): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        report({
          intersectionRatio: entry.intersectionRatio,
          intersectionRect: plainRect(entry.intersectionRect),
          boundingClientRect: plainRect(entry.boundingClientRect),
          relativeRect: plainRect(entry.rootBounds ?? entry.boundingClientRect),
          time: entry.time,
        });
      }
    },
    { root: relativeTo ?? document, rootMargin: options.margin, threshold: [...options.thresholds] },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

function plainRect({ left, top, right, bottom, width, height }: DOMRectReadOnly) {
  return { left, top, right, bottom, width, height };
}

/** Runs keyframes, and keeps the styles of the last one. Resolves when they have run. */
export async function animateElement(element: Element, options: AnimateOptions): Promise<void> {
  const frames = options.keyframes.map((frame) => ({ ...frame }));
  if (options.timeline !== undefined) {
    driveByScroll(element, frames, options);
    return;
  }
  const animation = element.animate(frames, { duration: options.durationMs, fill: "forwards" });
  await animation.finished.catch(() => {
    // Another animation took its place.
  });
}

/** Ends animations of an element, all or those of the named properties. */
export function clearElementAnimation(element: Element, properties: readonly string[]): void {
  for (const animation of element.getAnimations()) {
    const { effect } = animation;
    const names = effect instanceof KeyframeEffect ? effect.getKeyframes().flatMap((frame) => Object.keys(frame)) : [];
    if (properties.length === 0 || properties.some((name) => names.includes(name))) animation.cancel();
  }
}

/** A scroll container takes the place of the clock. */
function driveByScroll(element: Element, frames: Keyframe[], { timeline = {} }: AnimateOptions): void {
  const source = document.querySelector(textOf(timeline["scrollSource"]));
  if (source === null || !isRecord(timeline)) return;
  const start = numberOf(timeline["startScrollOffset"]);
  const range = Math.max(1, numberOf(timeline["endScrollOffset"], 1) - start);
  const duration = numberOf(timeline["timeRange"], 1_000);
  const animation = element.animate(frames, { duration, fill: "both" });
  animation.pause();
  const isAcross = textOf(timeline["orientation"], "vertical") === "horizontal";
  const follow = (): void => {
    const offset = isAcross ? source.scrollLeft : source.scrollTop;
    animation.currentTime = Math.min(1, Math.max(0, (offset - start) / range)) * duration;
  };
  source.addEventListener("scroll", follow, { passive: true });
  follow();
}
