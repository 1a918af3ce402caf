import { describe, expect, test } from "vitest";
import { EMPTY_STACK, type PageStack, route, type RouteRequest } from "../../src/host/page-stack.ts";

const TABS = {
  color: "",
  selectedColor: "",
  backgroundColor: "",
  borderStyle: "black",
  position: "bottom",
  custom: false,
} as const;
const APP = {
  pages: ["a", "b", "c", "home", "me"],
  tabBar: {
    ...TABS,
    list: [
      { pagePath: "home", text: "Home" },
      { pagePath: "me", text: "Me" },
    ],
  },
};

/** Carries out all of them, and gives the paths on the stack after each, or the reason why not. */
function walk(...requests: readonly RouteRequest[]): { readonly steps: readonly string[]; readonly stack: PageStack } {
  let stack = EMPTY_STACK;
  const steps = requests.map((request) => {
    const outcome = route(stack, request, APP);
    if (outcome.kind === "refused") return outcome.reason;
    stack = outcome.stack;
    return `${stack.pages.map(({ path }) => path).join(" ")} -${outcome.event.unload.join(",")}`;
  });
  return { steps, stack };
}

const go = (kind: "appLaunch" | "navigateTo" | "reLaunch" | "redirectTo" | "switchTab", url: string): RouteRequest => ({
  kind,
  url,
});
const back = (delta: number): RouteRequest => ({ kind: "navigateBack", delta });

describe("the page stack", () => {
  test("pages are put on top, and going back ends them from the top", () => {
    const { steps } = walk(go("appLaunch", "/a"), go("navigateTo", "/b"), go("navigateTo", "/c?x=1"), back(2), back(1));

    expect(steps).toEqual(["a -", "a b -", "a b c -", "a -3,2", "cannot navigate back at first page."]);
  });

  test("a redirect replaces the top, a relaunch everything", () => {
    const { steps } = walk(go("appLaunch", "/a"), go("navigateTo", "/b"), go("redirectTo", "/c"), go("reLaunch", "/a"));

    expect(steps).toEqual(["a -", "a b -", "a c -2", "a -3,1"]);
  });

  test("tabs live on while another one is open, and what stands above them ends", () => {
    const { steps, stack } = walk(
      go("appLaunch", "/home"),
      go("switchTab", "/me"),
      go("navigateTo", "/a"),
      go("switchTab", "/home"),
    );

    expect(steps).toEqual(["home -", "me -", "me a -", "home -3"]);
    expect(stack.pages[0]?.webviewId).toBe(1);
    expect(stack.tabs.map(({ path }) => path)).toEqual(["me"]);
  });

  test("tabs are opened as tabs only, and unknown pages not at all", () => {
    const { steps } = walk(
      go("appLaunch", "/a"),
      go("navigateTo", "/home"),
      go("redirectTo", "/me"),
      go("switchTab", "/b"),
      go("navigateTo", "/nowhere"),
    );

    expect(steps.slice(1)).toEqual([
      "can not navigateTo a tabbar page",
      "can not redirectTo a tabbar page",
      "can not switch to no-tabBar page",
      'page "nowhere" is not found',
    ]);
  });

  test("the eleventh page is refused", () => {
    const requests = Array.from({ length: 10 }, () => go("navigateTo", "/b"));
    const { steps } = walk(go("appLaunch", "/a"), ...requests);

    expect(steps.at(-1)).toBe("webview count limit exceed (10)");
  });

  test("a relative address starts at the page that is open, and values of a query stay as they are", () => {
    const app = { pages: ["pages/a/a", "pages/b/b"] };
    const opened = route(EMPTY_STACK, go("appLaunch", "pages/a/a"), app);
    if (opened.kind === "refused") throw new Error(opened.reason);

    const outcome = route(opened.stack, go("navigateTo", "../b/b?name=%E7%86%8A&empty="), app);

    expect(outcome).toMatchObject({
      kind: "moved",
      event: { path: "pages/b/b", query: { name: "%E7%86%8A", empty: "" } },
    });
  });
});
