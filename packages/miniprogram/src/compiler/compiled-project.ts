import type { Diagnostic } from "./diagnostic.ts";
import type { JsonObject } from "./json-file.ts";

/** One entry of the tab bar. */
export interface TabBarItem {
  /** Path of the page. */
  readonly pagePath: string;
  /** What is shown. */
  readonly text: string;
  /** Picture while another tab is open. */
  readonly iconPath?: string;
  /** Picture while this tab is open. */
  readonly selectedIconPath?: string;
}

/** The tab bar of a mini-program. */
export interface TabBar {
  /** Colour of the texts. */
  readonly color: string;
  /** Colour of the open tab. */
  readonly selectedColor: string;
  /** Colour behind. */
  readonly backgroundColor: string;
  /** Line at the edge towards the page. */
  readonly borderStyle: "black" | "white";
  /** Side of the page. */
  readonly position: "bottom" | "top";
  /** Whether the project draws it with its own component. */
  readonly custom: boolean;
  /** The tabs, in their order. */
  readonly list: readonly TabBarItem[];
}

/** A mini-program's configuration, with defaults filled in. */
export interface AppConfig {
  /** Id of the mini-program. */
  readonly appId: string;
  /** Every page, those of subpackages included; never empty in a project without errors. */
  readonly pages: readonly string[];
  /** Page of an ordinary start. */
  readonly entryPage: string;
  /** The `window` object of app.json. */
  readonly window: JsonObject;
  /** The tab bar in a light theme. */
  readonly tabBar?: TabBar;
  /** The tab bar in a dark theme; absent when it looks the same. */
  readonly darkTabBar?: TabBar;
  /** Time limits of the network, in milliseconds. */
  readonly networkTimeout: Readonly<Record<"request" | "connectSocket" | "uploadFile" | "downloadFile", number>>;
  /** Whether the theme of the phone counts. */
  readonly darkmode: boolean;
  /** Values of the theme file, by theme and name. */
  readonly theme: JsonObject;
  /** Paths that stand for others, both with or without a star at the end. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Why the project asks for a permission, by scope. */
  readonly permissions: Readonly<Record<string, string>>;
}

/** Everything that the logic layer and the views need of a project. */
export interface CompiledProject {
  readonly config: AppConfig;
  /** Settings of pages and components by path, references to components resolved. */
  readonly components: Readonly<Record<string, JsonObject>>;
  /** CommonJS code by path of the file. */
  readonly modules: Readonly<Record<string, string>>;
  /** A JavaScript expression: the compiled templates by path. */
  readonly templates: string;
  /** Style sheets by path; {@link SCOPE_MARK} stands before every class name. */
  readonly styles: Readonly<Record<string, string>>;
}

/** What a compilation gives: a project only when there is no error. */
export interface CompileResult {
  readonly project: CompiledProject | undefined;
  /** What is wrong, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a project keeps the component that it draws its tab bar with. */
export const CUSTOM_TAB_BAR = "custom-tab-bar/index";

/** Stands before each class name of a style sheet. The view puts the component's scope in its place, or nothing. */
export const SCOPE_MARK = "hutong-scope-mark--";
