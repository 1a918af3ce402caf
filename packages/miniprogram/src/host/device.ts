import { isRecord, numberOf, textOf } from "../is-record.ts";
import type { SystemInfo } from "../service/launch.ts";
import { SDK_VERSION } from "../service/wx/system.ts";

/** Height of the navigation bar, in CSS pixels. */
export const NAVIGATION_BAR_HEIGHT = 44;
/** Height of the tab bar without what is kept free below it, in CSS pixels. */
export const TAB_BAR_HEIGHT = 50;

/** What the phone says about itself. Lengths are in CSS pixels. */
export interface Device {
  /** Name of the model. */
  readonly model: string;
  /** Of the screen, in CSS pixels. */
  readonly width: number;
  /** Of the screen, in CSS pixels. */
  readonly height: number;
  /** Pixels of the screen for one CSS pixel. */
  readonly pixelRatio: number;
  /** In CSS pixels. */
  readonly statusBarHeight: number;
  /** Height that is kept free at the bottom, in CSS pixels. */
  readonly bottomInset: number;
  /** Appearance. */
  readonly theme: "light" | "dark";
  /** In the form `zh_CN`. */
  readonly language: string;
}

/** The phone that is used when none says what it is. */
export const DEFAULT_DEVICE: Device = {
  model: "iPhone 12/13 (Pro)",
  width: 390,
  height: 844,
  pixelRatio: 3,
  statusBarHeight: 47,
  bottomInset: 34,
  theme: "light",
  language: "zh_CN",
};

/** Reads what a phone says, and takes the default for what it does not say. */
export function parseDevice(value: unknown, fallback: Device = DEFAULT_DEVICE): Device {
  if (!isRecord(value)) return fallback;
  return {
    model: textOf(value["model"], fallback.model).slice(0, 60),
    width: numberOf(value["width"], fallback.width),
    height: numberOf(value["height"], fallback.height),
    pixelRatio: numberOf(value["pixelRatio"], fallback.pixelRatio),
    statusBarHeight: numberOf(value["statusBarHeight"], fallback.statusBarHeight),
    bottomInset: numberOf(value["bottomInset"], fallback.bottomInset),
    theme: value["theme"] === "dark" ? "dark" : value["theme"] === "light" ? "light" : fallback.theme,
    language: textOf(value["language"], fallback.language).slice(0, 20),
  };
}

/** What is around the page that can be seen. */
export interface Surroundings {
  /** Whether the phone draws a bar above the page. */
  readonly hasNavigationBar: boolean;
  /** Whether the phone draws tabs below the page. */
  readonly hasTabBar: boolean;
}

/** What a mini-program reads about the phone. */
export function systemInfoOf(device: Device, { hasNavigationBar, hasTabBar }: Surroundings): SystemInfo {
  const { width, height, statusBarHeight, bottomInset, pixelRatio, model, theme, language } = device;
  const top = hasNavigationBar ? statusBarHeight + NAVIGATION_BAR_HEIGHT : 0;
  const bottom = hasTabBar ? TAB_BAR_HEIGHT + bottomInset : 0;
  return {
    brand: "devtools",
    model,
    system: "iOS 16.0.0",
    platform: "devtools",
    language,
    version: "8.0.5",
    SDKVersion: SDK_VERSION,
    theme,
    pixelRatio,
    screenWidth: width,
    screenHeight: height,
    windowWidth: width,
    windowHeight: height - top - bottom,
    statusBarHeight,
    bottomInset,
  };
}
