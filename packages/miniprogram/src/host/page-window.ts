import { themed } from "../compiler/app-config.ts";
import type { CompiledProject } from "../compiler/compiled-project.ts";
import { numberOf, textOf } from "../is-record.ts";

/** How the phone shows a page. */
export interface PageWindow {
  /** Text of the bar. */
  readonly title: string;
  /** Background of the bar. */
  readonly barColor: string;
  /** Text of the bar. */
  readonly barTextStyle: "black" | "white";
  /** `"custom"` leaves only the capsule. */
  readonly navigationStyle: "default" | "custom";
  /** Colour behind. */
  readonly backgroundColor: string;
  /** Colour behind the content; empty when the page decides. */
  readonly contentColor: string;
  /** Dots of a refresh. */
  readonly backgroundTextStyle: "dark" | "light";
  /** Whether a pull refreshes the page. */
  readonly canPullDown: boolean;
  /** Whether the page scrolls. */
  readonly canScroll: boolean;
  /** Distance from the bottom at which `onReachBottom` is due, in CSS pixels. */
  readonly onReachBottomDistance: number;
}

/** Settings of a page over those of the app, for one theme. */
export function pageWindowOf(project: CompiledProject, path: string, theme: "light" | "dark"): PageWindow {
  const { config, components } = project;
  const isDark = theme === "dark" && config.darkmode;
  const name = isDark ? "dark" : "light";
  const settings = themed({ ...config.window, ...components[path] }, config.theme, name);
  return {
    title: textOf(settings["navigationBarTitleText"]),
    barColor: textOf(settings["navigationBarBackgroundColor"], isDark ? "#191919" : "#000000"),
    barTextStyle: textOf(settings["navigationBarTextStyle"], "white") === "black" ? "black" : "white",
    navigationStyle: settings["navigationStyle"] === "custom" ? "custom" : "default",
    backgroundColor: textOf(settings["backgroundColor"], isDark ? "#191919" : "#ffffff"),
    contentColor: textOf(settings["backgroundColorContent"]),
    backgroundTextStyle: settings["backgroundTextStyle"] === "light" ? "light" : "dark",
    canPullDown: settings["enablePullDownRefresh"] === true || settings["enablePullDownRefresh"] === "true",
    canScroll: settings["disableScroll"] !== true,
    onReachBottomDistance: numberOf(settings["onReachBottomDistance"], 50),
  };
}
