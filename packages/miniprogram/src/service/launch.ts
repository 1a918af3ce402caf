import type { CompiledProject } from "../compiler/compiled-project.ts";

/** Stands before the path of every file that a mini-program keeps. */
export const USER_FILE_SCHEME = "wxfile://";
/** All files that a mini-program keeps, in bytes. */
export const MAX_USER_FILE_BYTES = 10 * 1_048_576;

/** The phone that a mini-program runs on. Lengths are in CSS pixels. */
export interface SystemInfo {
  /** Maker of the phone. */
  readonly brand: string;
  /** Name of the model. */
  readonly model: string;
  /** Name and version of the system. */
  readonly system: string;
  /** `"devtools"`. */
  readonly platform: string;
  /** In the form `zh_CN`. */
  readonly language: string;
  /** Version of WeChat. */
  readonly version: string;
  /** Version of the base library. */
  readonly SDKVersion: string;
  /** Appearance; always light for a project without a dark one. */
  readonly theme: "light" | "dark";
  /** Pixels of the screen for one CSS pixel. */
  readonly pixelRatio: number;
  /** In CSS pixels. */
  readonly screenWidth: number;
  /** In CSS pixels. */
  readonly screenHeight: number;
  /** Of the page, in CSS pixels. */
  readonly windowWidth: number;
  /** Of the page, in CSS pixels. */
  readonly windowHeight: number;
  /** In CSS pixels. */
  readonly statusBarHeight: number;
  /** Height of the part at the bottom that a finger wipes. */
  readonly bottomInset: number;
}

/** How a mini-program was opened. */
export interface LaunchOptions {
  /** Path of the page, without a leading slash. */
  readonly path: string;
  /** Parameters of the address. */
  readonly query: Readonly<Record<string, string>>;
  /** Number of the way in. */
  readonly scene: number;
}

/** What the host tells the logic layer before anything of the project runs. */
export interface Launch {
  readonly project: CompiledProject;
  readonly system: SystemInfo;
  readonly options: LaunchOptions;
  /** Everything in the storage of the mini-program, each value as JSON. */
  readonly storage: Readonly<Record<string, string>>;
  /** The files that the mini-program keeps, by path, each in base64. */
  readonly userFiles: Readonly<Record<string, string>>;
}

/** A change of the page stack, in the order in which the logic layer carries it out. */
export interface RouteEvent {
  /** What the application asked for. */
  readonly openType: "appLaunch" | "navigateTo" | "redirectTo" | "reLaunch" | "switchTab" | "navigateBack";
  /** The page that is on top afterwards. */
  readonly webviewId: number;
  /** Path of the page, without a leading slash. */
  readonly path: string;
  /** Parameters of the address. */
  readonly query: Readonly<Record<string, string>>;
  /** Pages that end, the top one first. */
  readonly unload: readonly number[];
  /** The numbers of all pages afterwards, the top one last. */
  readonly stack: readonly number[];
}
