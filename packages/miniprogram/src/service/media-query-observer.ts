import type { GeneralComponent } from "glass-easel";
import { isRecord } from "../is-record.ts";
import { contextOf } from "./selector-query.ts";

/** Tells whether the window matches a description: once, because a phone's window keeps its size. */
export class MediaQueryObserver {
  readonly #scope: GeneralComponent | undefined;
  #isEnded = false;

  /** Looks at the window of the page that `scope` is part of. */
  constructor(scope: GeneralComponent | undefined) {
    this.#scope = scope;
  }

  /** Calls the listener with `{ matches }` when the turn is over. */
  observe(description: unknown, listener: unknown): void {
    const context = this.#scope === undefined ? undefined : contextOf(this.#scope);
    if (context === undefined || typeof listener !== "function") return;
    const size = { width: context.getWindowWidth(), height: context.getWindowHeight() };
    const matches = isRecord(description) && isMatch(description, size);
    void Promise.resolve().then(() => {
      if (!this.#isEnded) Reflect.apply(listener, undefined, [{ matches }]);
    });
  }

  /** Calls nobody from now on. */
  disconnect(): void {
    this.#isEnded = true;
  }
}

function isMatch(
  wanted: Readonly<Record<string, unknown>>,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  const isInside = (value: number, side: "Height" | "Width"): boolean => {
    const exact = wanted[side.toLowerCase()];
    const [min, max] = [wanted[`min${side}`], wanted[`max${side}`]];
    if (typeof exact === "number" && exact !== value) return false;
    return !(typeof min === "number" && value < min) && !(typeof max === "number" && value > max);
  };
  const orientation = width > height ? "landscape" : "portrait";
  const isTurned = wanted["orientation"] === undefined || wanted["orientation"] === orientation;
  return isInside(width, "Width") && isInside(height, "Height") && isTurned;
}
