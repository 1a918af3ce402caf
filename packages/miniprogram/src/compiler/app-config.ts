import { isRecord, numberOf, textOf } from "../is-record.ts";
import type { AppConfig, TabBar, TabBarItem } from "./compiled-project.ts";
import { type Diagnostic, placeOfText } from "./diagnostic.ts";
import { type JsonObject, readJsonFile } from "./json-file.ts";
import { normalisePath, withoutExtension } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";

const NETWORK_TIMEOUT_MS = 60_000;
/** App id of a project that names none. */
export const TOURIST_APP_ID = "touristappid";

/** app.json as it stands, and what it means. */
export interface ReadApp {
  readonly json: JsonObject;
  readonly config: AppConfig;
}

/** Reads app.json, the theme file and the app id. Reports pages that are missing. */
export function readApp(files: ProjectFiles, report: (diagnostic: Diagnostic) => void): ReadApp {
  const text = files.read("app.json");
  if (text === undefined) {
    report({
      severity: "error",
      file: "app.json",
      line: 1,
      column: 1,
      message: "file not found",
      expected: "app.json in the root of the mini-program, or miniprogramRoot in project.config.json",
    });
  }
  const json = readJsonFile(files, "app.json", report);
  const theme = readTheme(files, json, report);
  const pages = pagesOf(json);
  const at = (needle: string) => ({ file: "app.json", ...placeOfText(text ?? "", needle) });
  if (text !== undefined && pages.length === 0) {
    report({
      severity: "error",
      ...at('"pages"'),
      message: "there are no pages",
      expected: 'a list of paths in "pages"',
    });
  }
  for (const page of pages) {
    if (hasPage(files, page)) continue;
    const place = at(`"${page.split("/").slice(-2).join("/")}`);
    report({ severity: "error", ...place, message: `page ${page} not found`, expected: `${page}.wxml and ${page}.js` });
  }
  const entryPage = withoutExtension(normalisePath(textOf(json["entryPagePath"], pages[0])), ".html");
  if (pages.length > 0 && !pages.includes(entryPage)) {
    const message = `entry page ${entryPage} is not in pages`;
    report({ severity: "error", ...at('"entryPagePath"'), message, expected: "the path of one of the pages" });
  }
  const tabBar = tabBarOf(json["tabBar"], theme, "light");
  const darkTabBar = json["darkmode"] === true ? tabBarOf(json["tabBar"], theme, "dark") : undefined;
  const isDarkOther = darkTabBar !== undefined && JSON.stringify(darkTabBar) !== JSON.stringify(tabBar);
  for (const { pagePath } of tabBar?.list ?? []) {
    if (pages.includes(pagePath)) continue;
    const message = `tab ${pagePath} is not in pages`;
    report({ severity: "error", ...at('"tabBar"'), message, expected: "the path of a page of the main package" });
  }
  return {
    json,
    config: {
      appId: textOf(readJsonFile(files, "project.config.json", () => {})["appid"], TOURIST_APP_ID),
      pages,
      entryPage,
      window: isRecord(json["window"]) ? json["window"] : {},
      ...(tabBar !== undefined && { tabBar }),
      ...(isDarkOther && { darkTabBar }),
      networkTimeout: networkTimeoutOf(json["networkTimeout"]),
      darkmode: json["darkmode"] === true,
      theme,
      aliases: textsOf(json["resolveAlias"]),
      permissions: permissionsOf(json["permission"]),
    },
  };
}

/** Puts the values of the theme in the place of `@names`. The logic layer's theme is light at first. */
export function themed(settings: JsonObject, theme: JsonObject, name: "light" | "dark"): JsonObject {
  const values = isRecord(theme[name]) ? theme[name] : {};
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "string" && value.startsWith("@") ? (values[value.slice(1)] ?? value) : value,
    ]),
  );
}

function readTheme(files: ProjectFiles, json: JsonObject, report: (diagnostic: Diagnostic) => void): JsonObject {
  const location = normalisePath(textOf(json["themeLocation"], "theme.json"));
  return readJsonFile(files, location, report);
}

function pagesOf(json: JsonObject): readonly string[] {
  const main = stringsOf(json["pages"]).map(normalisePath);
  const subpackages = [json["subpackages"] ?? json["subPackages"] ?? []].flat();
  const others = subpackages.flatMap((subpackage) =>
    isRecord(subpackage)
      ? stringsOf(subpackage["pages"]).map((page) => normalisePath(`${textOf(subpackage["root"])}/${page}`))
      : [],
  );
  return [...new Set([...main, ...others])];
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function hasPage(files: ProjectFiles, page: string): boolean {
  return [".wxml", ".js", ".ts"].some((extension) => files.read(page + extension) !== undefined);
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])),
  );
}

function permissionsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return textsOf(
    Object.fromEntries(Object.entries(value).map(([scope, one]) => [scope, isRecord(one) ? one["desc"] : undefined])),
  );
}

function networkTimeoutOf(value: unknown): AppConfig["networkTimeout"] {
  const limits = isRecord(value) ? value : {};
  return {
    request: numberOf(limits["request"], NETWORK_TIMEOUT_MS),
    connectSocket: numberOf(limits["connectSocket"], NETWORK_TIMEOUT_MS),
    uploadFile: numberOf(limits["uploadFile"], NETWORK_TIMEOUT_MS),
    downloadFile: numberOf(limits["downloadFile"], NETWORK_TIMEOUT_MS),
  };
}

function tabBarOf(value: unknown, theme: JsonObject, name: "light" | "dark"): TabBar | undefined {
  if (!isRecord(value) || !Array.isArray(value["list"])) return undefined;
  const settings = themed(value, theme, name);
  return {
    color: textOf(settings["color"], "#7f8389"),
    selectedColor: textOf(settings["selectedColor"], "#07c160"),
    backgroundColor: textOf(settings["backgroundColor"], "#ffffff"),
    borderStyle: settings["borderStyle"] === "white" ? "white" : "black",
    position: settings["position"] === "top" ? "top" : "bottom",
    custom: settings["custom"] === true,
    list: value["list"].filter(isRecord).map((item) => tabBarItem(themed(item, theme, name))),
  };
}

function tabBarItem(item: JsonObject): TabBarItem {
  const iconPath = normalisePath(textOf(item["iconPath"]));
  const selectedIconPath = normalisePath(textOf(item["selectedIconPath"]));
  return {
    pagePath: withoutExtension(normalisePath(textOf(item["pagePath"])), ".html"),
    text: textOf(item["text"]),
    ...(iconPath !== "" && { iconPath }),
    ...(selectedIconPath !== "" && { selectedIconPath }),
  };
}
