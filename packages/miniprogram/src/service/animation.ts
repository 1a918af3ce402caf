import type { GeneralComponent } from "glass-easel";
import { replaceRpx } from "../rpx.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { contextOf, select, viewElementOf } from "./selector-query.ts";

// Two kinds: `wx.createAnimation` collects steps that an element gets as its
// `animation` property; `this.animate` runs keyframes on selected nodes.

/** Options of `wx.createAnimation`. */
export interface AnimationOptions {
  /** In milliseconds. @defaultValue 400 */
  readonly duration?: number;
  /** In the form of CSS. */
  readonly timingFunction?: string;
  /** In milliseconds. @defaultValue 0 */
  readonly delay?: number;
  /** In the form of CSS. */
  readonly transformOrigin?: string;
}

/** One step: the styles at its end, and how they are reached. */
export interface AnimationStep {
  /** Values by CSS property. */
  readonly styles: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly durationMs: number;
  /** In milliseconds. */
  readonly delayMs: number;
  /** In the form of CSS. */
  readonly timingFunction: string;
  /** In the form of CSS. */
  readonly transformOrigin: string;
}

const LENGTH_STYLES = ["width", "height", "top", "left", "bottom", "right"];
const TRANSFORMS: Readonly<Record<string, "" | "deg" | "px">> = {
  matrix: "",
  matrix3d: "",
  rotate: "deg",
  rotate3d: "deg",
  rotateX: "deg",
  rotateY: "deg",
  rotateZ: "deg",
  scale: "",
  scale3d: "",
  scaleX: "",
  scaleY: "",
  scaleZ: "",
  skew: "deg",
  skewX: "deg",
  skewY: "deg",
  translate: "px",
  translate3d: "px",
  translateX: "px",
  translateY: "px",
  translateZ: "px",
};

/** Collects the steps of an animation. Every function of it gives the animation back. */
export function createAnimation(options: AnimationOptions = {}): object {
  const steps: AnimationStep[] = [];
  let styles: Record<string, string> = {};
  let transforms: string[] = [];
  const animation: Record<string, unknown> = {
    step(own: AnimationOptions = {}) {
      const {
        duration = 400,
        timingFunction = "linear",
        delay = 0,
        transformOrigin = "50% 50% 0",
      } = { ...options, ...own };
      const all = transforms.length > 0 ? { ...styles, transform: transforms.join(" ") } : styles;
      steps.push({ styles: all, durationMs: duration, delayMs: delay, timingFunction, transformOrigin });
      styles = { ...styles };
      transforms = [];
      return animation;
    },
    export: () => ({ actions: steps.splice(0) }),
    opacity: (value: number) => set("opacity", String(value)),
    backgroundColor: (value: string) => set("background-color", value),
  };
  const set = (name: string, value: string): object => {
    styles[name] = value;
    return animation;
  };
  for (const name of LENGTH_STYLES) animation[name] = (value: unknown) => set(name, lengthOf(value));
  for (const [name, unit] of Object.entries(TRANSFORMS)) {
    animation[name] = (...values: unknown[]) => {
      transforms.push(`${name}(${values.map((value, index) => argumentOf(name, value, { unit, index })).join(",")})`);
      return animation;
    };
  }
  return animation;
}

function lengthOf(value: unknown): string {
  return typeof value === "number" ? `${value}px` : replaceRpx(textOf(value));
}

function argumentOf(
  name: string,
  value: unknown,
  { unit, index }: { readonly unit: string; readonly index: number },
): string {
  if (typeof value !== "number") return replaceRpx(textOf(value));
  // The first three numbers of a rotation in space are its axis.
  const isAxis = name === "rotate3d" && index < 3;
  return `${value}${isAxis ? "" : unit}`;
}

/** Runs keyframes on the nodes that match; the promise resolves when the view says that they have run. */
export async function animate(
  scope: GeneralComponent,
  selector: string,
  {
    keyframes,
    durationMs,
    timeline,
  }: { readonly keyframes: unknown; readonly durationMs: number; readonly timeline?: unknown },
): Promise<void> {
  const context = contextOf(scope);
  if (context === undefined || !Array.isArray(keyframes)) return;
  const frames = keyframes.filter(isRecord).map(toKeyframe);
  await Promise.all(
    select(scope, selector).map(
      (node) =>
        new Promise<void>((resolve) => {
          const element = viewElementOf(node);
          if (element === undefined) return resolve();
          const options = { keyframes: frames, durationMs, ...(isRecord(timeline) && { timeline }) };
          context.ask(
            (token) => ["animate", token, element.node, options],
            () => resolve(),
          );
        }),
    ),
  );
}

/** Takes the styles of finished animations away. */
export async function clearAnimation(
  scope: GeneralComponent,
  selector: string,
  properties: readonly string[],
): Promise<void> {
  const context = contextOf(scope);
  if (context === undefined) return;
  await Promise.all(
    select(scope, selector).map(
      (node) =>
        new Promise<void>((resolve) => {
          const element = viewElementOf(node);
          if (element === undefined) return resolve();
          context.ask(
            (token) => ["clearAnimation", token, element.node, properties],
            () => resolve(),
          );
        }),
    ),
  );
}

/** Transforms are fields of their own in a project's keyframes, and one property in those of a browser. */
function toKeyframe(frame: Readonly<Record<string, unknown>>): Readonly<Record<string, string | number>> {
  const keyframe: Record<string, string | number> = {};
  const transforms: string[] = [];
  for (const [name, value] of Object.entries(frame)) {
    const unit = TRANSFORMS[name];
    if (unit !== undefined) {
      const values = Array.isArray(value) ? value : [value];
      transforms.push(`${name}(${values.map((entry, index) => argumentOf(name, entry, { unit, index })).join(",")})`);
    } else if (name === "ease") keyframe["easing"] = textOf(value, "linear");
    else if (name === "offset" || name === "opacity") keyframe[name] = numberOf(value);
    else if (typeof value === "number") keyframe[name] = LENGTH_STYLES.includes(name) ? `${value}px` : value;
    else keyframe[name] = replaceRpx(textOf(value));
  }
  if (transforms.length > 0) keyframe["transform"] = transforms.join(" ");
  return keyframe;
}
