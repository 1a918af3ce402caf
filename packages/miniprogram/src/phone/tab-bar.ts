import { isRecord, numberOf, textOf } from "../is-record.ts";
import { make } from "./dom.ts";

interface TabItem {
  readonly button: HTMLElement;
  readonly icon: HTMLImageElement;
  readonly label: HTMLElement;
  readonly badge: HTMLElement;
  text: string;
  iconPath: string;
  selectedIconPath: string;
}

/** The calls about the tab bar. */
export const TAB_BAR_CALLS = [
  ...["showTabBar", "hideTabBar", "setTabBarItem", "setTabBarStyle", "setTabBarBadge", "removeTabBarBadge"],
  ...["showTabBarRedDot", "hideTabBarRedDot"],
] as const;

/** What a tab bar needs of the phone. */
export interface TabBarOptions {
  /** Address of a picture of the project. */
  address(path: string): string;
  /** A tab was pressed. */
  pressed(index: number): void;
}

/** The tab bar at the bottom of the phone. */
export class TabBar {
  /** Where it is drawn. */
  readonly element = make("nav", { class: "tab-bar", attributes: { hidden: "" } });
  readonly #options: TabBarOptions;
  #items: TabItem[] = [];
  #colours = { text: "#7f8389", selected: "#07c160" };
  #selected = -1;
  #isHidden = false;
  #isCustom = false;

  /** Starts without a tab. */
  constructor(options: TabBarOptions) {
    this.#options = options;
  }

  /** Shows the bar of a project, and which of its tabs is open; -1 when none is. */
  show(bar: unknown, selected: number): void {
    if (isRecord(bar) && this.#items.length === 0) this.#build(bar);
    this.#selected = selected;
    this.#paint();
  }

  /** Takes the colours and pictures of another appearance; texts and badges that calls have set stay. */
  restyle(bar: unknown): void {
    if (!isRecord(bar)) return;
    for (const [index, entry] of entriesOf(bar).entries()) {
      const item = this.#items[index];
      if (item === undefined) continue;
      item.iconPath = textOf(entry["iconPath"]);
      item.selectedIconPath = textOf(entry["selectedIconPath"]);
    }
    this.#style(bar);
    this.#paint();
  }

  /** Forgets what calls have changed. */
  reset(): void {
    this.#isHidden = false;
    this.element.replaceChildren();
    this.element.hidden = true;
    this.#items = [];
  }

  /** Carries out a call about the tab bar. */
  call(api: string, args: Readonly<Record<string, unknown>>): void {
    const item = this.#items[numberOf(args["index"])];
    if (api === "showTabBar") this.#isHidden = false;
    else if (api === "hideTabBar") this.#isHidden = true;
    else if (api === "setTabBarStyle") this.#style(args);
    else if (item === undefined) throw new Error("tab bar item not found");
    else if (api === "setTabBarItem") {
      item.text = textOf(args["text"], item.text);
      item.iconPath = textOf(args["iconPath"], item.iconPath);
      item.selectedIconPath = textOf(args["selectedIconPath"], item.selectedIconPath);
    } else {
      item.badge.className = api === "showTabBarRedDot" ? "badge dot" : "badge";
      item.badge.textContent = api === "setTabBarBadge" ? textOf(args["text"]).slice(0, 4) : "";
      item.badge.hidden = api.startsWith("remove") || api.startsWith("hide");
    }
    this.#paint();
  }

  #build(bar: Readonly<Record<string, unknown>>): void {
    this.#isCustom = bar["custom"] === true;
    this.#items = entriesOf(bar).map((entry, index) => this.#item(entry, index));
    this.element.replaceChildren(...this.#items.map(({ button }) => button));
    this.#style(bar);
  }

  #item(entry: Readonly<Record<string, unknown>>, index: number): TabItem {
    const icon = make("img", { attributes: { alt: "" } });
    const label = make("span", { class: "tab-label" });
    const badge = make("b", { class: "badge", attributes: { hidden: "" } });
    const picture = make("span", { class: "tab-icon" }, icon, badge);
    const button = make("button", { class: "tab-item", onClick: () => this.#options.pressed(index) }, picture, label);
    return {
      button,
      icon,
      label,
      badge,
      text: textOf(entry["text"]),
      iconPath: textOf(entry["iconPath"]),
      selectedIconPath: textOf(entry["selectedIconPath"]),
    };
  }

  #style(style: Readonly<Record<string, unknown>>): void {
    this.#colours = {
      text: textOf(style["color"], this.#colours.text),
      selected: textOf(style["selectedColor"], this.#colours.selected),
    };
    const background = textOf(style["backgroundColor"]);
    if (background !== "") this.element.style.backgroundColor = background;
    this.element.classList.toggle("white-border", style["borderStyle"] === "white");
  }

  #paint(): void {
    this.element.hidden = this.#isHidden || this.#isCustom || this.#selected < 0;
    for (const [index, item] of this.#items.entries()) {
      const isSelected = index === this.#selected;
      const path = isSelected && item.selectedIconPath !== "" ? item.selectedIconPath : item.iconPath;
      item.icon.hidden = path === "";
      if (path !== "") item.icon.src = this.#options.address(`/${path.replace(/^\//, "")}`);
      item.button.classList.toggle("without-icon", path === "");
      item.label.textContent = item.text;
      item.button.style.color = isSelected ? this.#colours.selected : this.#colours.text;
      item.button.setAttribute("aria-current", String(isSelected));
    }
  }
}

function entriesOf(bar: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(bar["list"]) ? bar["list"].filter(isRecord) : [];
}
