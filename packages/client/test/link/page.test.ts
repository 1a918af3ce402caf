import { afterEach, describe, expect, test, vi } from "vitest";
import { globalPage } from "../../src/link/page.ts";

afterEach(() => void vi.unstubAllGlobals());

describe("globalPage", () => {
  test("is always online and visible, and never changes, outside a browser", () => {
    let changeCount = 0;
    const unwatch = globalPage.watch(() => (changeCount += 1));
    unwatch();

    expect(globalPage.isOnline()).toBe(true);
    expect(globalPage.isVisible()).toBe(true);
    expect(changeCount).toBe(0);
  });

  test("asks the browser", () => {
    vi.stubGlobal("navigator", { onLine: false });
    vi.stubGlobal("document", { visibilityState: "hidden" });

    expect(globalPage.isOnline()).toBe(false);
    expect(globalPage.isVisible()).toBe(false);
  });

  test("tells of the browser's events until it is unwatched", () => {
    const window = new EventTarget();
    vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
    vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
    let changeCount = 0;
    const unwatch = globalPage.watch(() => (changeCount += 1));

    for (const event of ["online", "offline", "visibilitychange", "pageshow", "click"])
      window.dispatchEvent(new Event(event));
    expect(changeCount).toBe(4);
    unwatch();
    window.dispatchEvent(new Event("online"));

    expect(changeCount).toBe(4);
  });
});
