import type { AppConfig } from "../compiler/compiled-project.ts";
import type { RouteEvent } from "../service/launch.ts";
import { parsePageUrl } from "./page-url.ts";

// The page stack as a pure function: a stack and a wish in, the next stack or
// the reason why not out.

/** A page that lives. */
export interface StackPage {
  /** Number of the page. */
  readonly webviewId: number;
  /** Path of the page, without a leading slash. */
  readonly path: string;
  /** Parameters of the address. */
  readonly query: Readonly<Record<string, string>>;
}

/** The pages on the stack, the top one last, and the tabs that live without being on it. */
export interface PageStack {
  /** On the stack, the top one last. */
  readonly pages: readonly StackPage[];
  /** Alive below the stack. */
  readonly tabs: readonly StackPage[];
  /** Number of the next view. */
  readonly nextId: number;
}

/** What an application asks for. */
export type RouteRequest =
  | { readonly kind: "appLaunch" | "navigateTo" | "reLaunch" | "redirectTo" | "switchTab"; readonly url: string }
  | { readonly kind: "navigateBack"; readonly delta: number };

/** What comes of it. */
export type RouteOutcome =
  | { readonly kind: "moved"; readonly stack: PageStack; readonly event: RouteEvent }
  | { readonly kind: "refused"; readonly reason: string };

/** Most pages on a stack. */
export const MAX_PAGES = 10;

/** The stack before anything was opened. */
export const EMPTY_STACK: PageStack = { pages: [], tabs: [], nextId: 1 };

type AppPages = Pick<AppConfig, "pages" | "tabBar">;

/** Moves the stack as WeChat does. */
export function route(stack: PageStack, request: RouteRequest, app: AppPages): RouteOutcome {
  if (request.kind === "navigateBack") return goBack(stack, request.delta);
  const { path, query } = parsePageUrl(request.url, stack.pages.at(-1)?.path);
  if (!app.pages.includes(path)) return { kind: "refused", reason: `page "${path}" is not found` };
  const isTab = app.tabBar?.list.some(({ pagePath }) => pagePath === path) === true;
  const refusal = refusalOf(request.kind, isTab, stack.pages.length);
  if (refusal !== undefined) return { kind: "refused", reason: refusal };
  const page = { webviewId: stack.nextId, path, query };
  const nextId = stack.nextId + 1;
  switch (request.kind) {
    case "navigateTo":
      return moved(request.kind, { ...stack, pages: [...stack.pages, page], nextId }, []);
    case "redirectTo": {
      const top = stack.pages.slice(-1);
      return moved(request.kind, { ...stack, pages: [...stack.pages.slice(0, -1), page], nextId }, top);
    }
    case "appLaunch":
    case "reLaunch":
      return moved(request.kind, { pages: [page], tabs: [], nextId }, [...stack.pages.toReversed(), ...stack.tabs]);
    case "switchTab":
      return switchTab(stack, page, app);
    default:
      return request satisfies never;
  }
}

function refusalOf(kind: RouteEvent["openType"], isTab: boolean, count: number): string | undefined {
  if (kind === "switchTab" && !isTab) return "can not switch to no-tabBar page";
  if ((kind === "navigateTo" || kind === "redirectTo") && isTab) return `can not ${kind} a tabbar page`;
  if (kind === "navigateTo" && count >= MAX_PAGES) return `webview count limit exceed (${MAX_PAGES})`;
  return undefined;
}

function goBack(stack: PageStack, delta: number): RouteOutcome {
  if (stack.pages.length < 2) return { kind: "refused", reason: "cannot navigate back at first page." };
  const kept = Math.max(1, stack.pages.length - Math.max(1, Math.floor(delta)));
  const gone = stack.pages.slice(kept).toReversed();
  return moved("navigateBack", { ...stack, pages: stack.pages.slice(0, kept) }, gone);
}

function switchTab(stack: PageStack, page: StackPage, app: AppPages): RouteOutcome {
  const isTab = ({ path }: StackPage): boolean => app.tabBar?.list.some(({ pagePath }) => pagePath === path) === true;
  const alive = [...stack.tabs, ...stack.pages.filter(isTab)];
  const known = alive.find(({ path }) => path === page.path);
  const top = known ?? page;
  const tabs = alive.filter((tab) => tab !== known);
  const gone = stack.pages.filter((one) => !isTab(one)).toReversed();
  return moved(
    "switchTab",
    { pages: [top], tabs, nextId: known === undefined ? stack.nextId + 1 : stack.nextId },
    gone,
  );
}

function moved(openType: RouteEvent["openType"], stack: PageStack, gone: readonly StackPage[]): RouteOutcome {
  const top = stack.pages.at(-1);
  if (top === undefined) return { kind: "refused", reason: "the stack would be empty" };
  const event = {
    openType,
    webviewId: top.webviewId,
    path: top.path,
    query: top.query,
    unload: gone.map(({ webviewId }) => webviewId),
    stack: stack.pages.map(({ webviewId }) => webviewId),
  };
  return { kind: "moved", stack, event };
}
