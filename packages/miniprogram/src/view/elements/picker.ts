import { isRecord } from "../../is-record.ts";
import { BuiltInElement, make } from "./built-in-element.ts";
import { dateColumns, labelOf, type PickerColumn, timeColumns, valueOfColumns } from "./picker-columns.ts";
import { REGIONS } from "./regions.ts";
import { Wheel, WHEEL_LINE_HEIGHT, WHEEL_STYLE } from "./wheel.ts";

const SHEET_STYLE = `${WHEEL_STYLE}
.mask { position: fixed; inset: 0; background: rgba(0, 0, 0, .5); z-index: 10000; }
.sheet { position: fixed; left: 0; right: 0; bottom: 0; z-index: 10001; background: var(--sheet, #fff); color: var(--text, #000);
  font: 16px system-ui, sans-serif; border-radius: 12px 12px 0 0; padding-bottom: 16px; }
.head { display: flex; justify-content: space-between; align-items: center; padding: 12px 16px; }
.head > button { all: unset; cursor: pointer; color: #888; }
.head > button:last-child { color: #07c160; font-weight: 600; }
.wheels { position: relative; display: flex; }
.wheels::after { content: ""; position: absolute; left: 0; right: 0; top: ${WHEEL_LINE_HEIGHT * 2}px; height: ${WHEEL_LINE_HEIGHT}px;
  border: solid rgba(128, 128, 128, .3); border-width: 1px 0; pointer-events: none; }
`;

const WORDS = { zh: { cancel: "取消", done: "确定" }, en: { cancel: "Cancel", done: "Done" } };

/** `<picker>`: a tap opens a sheet with wheels. */
export class PickerElement extends BuiltInElement {
  #chosen: readonly number[] = [];

  constructor() {
    super();
    this.addEventListener("click", () => this.#open());
  }

  get fieldName(): string {
    return this.text("name");
  }

  get fieldValue(): unknown {
    return this.value("value") ?? "";
  }

  resetField(): void {
    this.keep("value", undefined);
  }

  protected changed(name: string): void {
    this.setAttribute("role", "button");
    if (name === "range" || name === "value") this.#refill();
  }

  #sheet: { readonly host: HTMLElement; readonly wheels: readonly Wheel[] } | undefined;

  /** What each mode shows. */
  #columns(): readonly PickerColumn[] {
    const key = this.text("rangeKey");
    const value = this.value("value");
    const limits = {
      value: this.text("value"),
      start: this.text("start"),
      end: this.text("end"),
      fields: this.text("fields", "day"),
    };
    const rangeValue = this.value("range");
    const range: readonly unknown[] = Array.isArray(rangeValue) ? rangeValue : [];
    switch (this.text("mode", "selector")) {
      case "multiSelector": {
        const indexes: readonly unknown[] = Array.isArray(value) ? value : [];
        return range.map((column, index) => ({
          labels: Array.isArray(column) ? column.map((entry) => labelOf(entry, key)) : [],
          index: this.#chosen[index] ?? (Number(indexes[index] ?? 0) || 0),
        }));
      }
      case "time":
        return timeColumns(limits);
      case "date":
        return dateColumns(limits);
      case "region":
        return regionColumns(Array.isArray(value) ? value.map(String) : []);
      default:
        return [{ labels: range.map((entry) => labelOf(entry, key)), index: this.number("value", 0) }];
    }
  }

  #open(): void {
    if (this.flag("disabled") || this.#sheet !== undefined) return;
    this.#chosen = [];
    const columns = this.#columns();
    const wheels = columns.map((_, column) => new Wheel((index) => this.#turned(column, index)));
    const host = make("div");
    const root = host.attachShadow({ mode: "open" });
    const style = make("style");
    style.textContent = SHEET_STYLE;
    const words = document.documentElement.lang.startsWith("zh") ? WORDS.zh : WORDS.en;
    const cancel = make("button", { type: "button", part: "cancel" }, words.cancel);
    const done = make("button", { type: "button", part: "done" }, words.done);
    const head = make("div", { class: "head" }, cancel, make("span", {}, this.text("headerText")), done);
    const sheet = make(
      "div",
      { class: "sheet", role: "dialog" },
      head,
      make("div", { class: "wheels" }, ...wheels.map(({ element }) => element)),
    );
    const mask = make("div", { class: "mask" });
    root.append(style, mask, sheet);
    document.body.append(host);
    this.#sheet = { host, wheels };
    for (const [index, column] of columns.entries()) wheels[index]?.fill(column.labels, column.index);
    for (const closer of [mask, cancel]) closer.addEventListener("click", () => this.#close("cancel"));
    done.addEventListener("click", () => this.#close("change"));
  }

  #turned(column: number, index: number): void {
    const sheet = this.#sheet;
    if (sheet === undefined) return;
    const mode = this.text("mode", "selector");
    if (mode === "multiSelector") {
      this.#chosen = sheet.wheels.map((wheel) => wheel.index);
      this.emit("columnchange", { column, value: index });
    } else if (mode !== "selector") {
      this.keep("value", this.#result());
      this.#refill();
    }
  }

  #refill(): void {
    const columns = this.#columns();
    for (const [index, wheel] of (this.#sheet?.wheels ?? []).entries()) {
      const column = columns[index];
      if (column !== undefined) wheel.fill(column.labels, column.index);
    }
  }

  #result(): unknown {
    const wheels = this.#sheet?.wheels ?? [];
    const columns = this.#columns().map((column, index) => ({
      ...column,
      index: wheels[index]?.index ?? column.index,
    }));
    switch (this.text("mode", "selector")) {
      case "multiSelector":
        return columns.map(({ index }) => index);
      case "time":
        return valueOfColumns(columns, ":");
      case "date":
        return valueOfColumns(columns, "-");
      case "region":
        return columns.map(({ labels, index }) => labels[index] ?? "");
      default:
        return columns[0]?.index ?? 0;
    }
  }

  #close(outcome: "cancel" | "change"): void {
    const value = this.#result();
    this.#sheet?.host.remove();
    this.#sheet = undefined;
    if (outcome === "cancel") {
      this.emit("cancel", {});
      return;
    }
    this.keep("value", value);
    // Templates know an index of a list as text.
    const shown = typeof value === "number" ? String(value) : value;
    this.emit(
      "change",
      { value: shown, ...(this.text("mode") === "region" && { code: [], postcode: "" }) },
      { changed: { value } },
    );
  }
}

function regionColumns(value: readonly string[]): readonly PickerColumn[] {
  const provinces = Object.keys(REGIONS);
  const province = Math.max(0, provinces.indexOf(value[0] ?? ""));
  const cities: Readonly<Record<string, readonly string[]>> = REGIONS[provinces[province] ?? ""] ?? {};
  const names = Object.keys(cities);
  const city = Math.max(0, names.indexOf(value[1] ?? ""));
  const districts = (isRecord(cities) ? cities[names[city] ?? ""] : undefined) ?? [];
  return [
    { labels: provinces, index: province },
    { labels: names, index: city },
    { labels: districts, index: Math.max(0, districts.indexOf(value[2] ?? "")) },
  ];
}
