import { systemClock } from "../clock.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { DRAWINGS, drawing, make } from "./dom.ts";
import type { Words } from "./words.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** The user closed a question: the call fails with "cancel". */
export class Cancelled extends Error {
  constructor() {
    super("cancel");
    this.name = "Cancelled";
  }
}

/** What lies above the pages: toasts, questions and sheets. */
export class Overlays {
  /** Where they are drawn. */
  readonly element = make("div", { class: "overlays" });
  readonly #resolve: (address: string) => string;
  readonly #words: Words;
  #toast: HTMLElement | undefined;
  #cancelToast = (): void => {};

  /** `resolve` gives the address of a picture that a mini-program names. */
  constructor(words: Words, resolve: (address: string) => string) {
    this.#words = words;
    this.#resolve = resolve;
  }

  /** Takes everything away. */
  clear(): void {
    this.hideToast();
    this.element.replaceChildren();
  }

  /** Shows a toast; one without a time stays until it is hidden. */
  showToast(args: Arguments, kind: "loading" | "toast"): void {
    this.hideToast();
    const icon = kind === "loading" ? "loading" : textOf(args["icon"], "success");
    const image = textOf(args["image"]);
    const box = make("div", {
      class: icon === "none" && image === "" ? "toast plain" : "toast",
      attributes: { role: "status" },
    });
    if (image !== "") box.append(make("img", { attributes: { src: this.#resolve(image), alt: "" } }));
    else if (icon === "loading") box.append(make("i", { class: "spinner large" }));
    else if (icon !== "none")
      box.append(drawing(icon === "error" || icon === "fail" ? DRAWINGS.cross : DRAWINGS.check, "drawing large"));
    box.append(make("span", {}, textOf(args["title"])));
    const layer = make("div", { class: args["mask"] === true ? "toast-layer mask" : "toast-layer" }, box);
    this.#toast = layer;
    this.element.append(layer);
    if (kind === "toast")
      this.#cancelToast = systemClock.after(numberOf(args["duration"], 1_500), () => this.hideToast());
  }

  /** Takes the toast away. */
  hideToast(): void {
    this.#cancelToast();
    this.#toast?.remove();
    this.#toast = undefined;
  }

  /** Asks a question with one or two answers. */
  showModal(args: Arguments): Promise<object> {
    const isEditable = args["editable"] === true;
    const input = make("textarea", {
      class: "modal-input",
      attributes: { rows: "2", placeholder: textOf(args["placeholderText"]) },
    });
    input.value = isEditable ? textOf(args["content"]) : "";
    const body = isEditable ? input : make("p", { class: "modal-content" }, textOf(args["content"]));
    const title = textOf(args["title"]);
    return this.#ask<object>((answer) => {
      const cancel = make(
        "button",
        { class: "modal-cancel cancel", onClick: () => answer({ confirm: false, cancel: true }) },
        textOf(args["cancelText"], this.#words.cancel),
      );
      const confirm = make(
        "button",
        {
          class: "modal-confirm",
          onClick: () => answer({ confirm: true, cancel: false, ...(isEditable && { content: input.value }) }),
        },
        textOf(args["confirmText"], this.#words.confirm),
      );
      cancel.style.color = textOf(args["cancelColor"]);
      confirm.style.color = textOf(args["confirmColor"]);
      cancel.hidden = args["showCancel"] === false;
      return make(
        "div",
        { class: "modal", attributes: { role: "dialog", "aria-label": title } },
        title === "" ? undefined : make("h2", {}, title),
        body,
        make("footer", {}, cancel, confirm),
      );
    });
  }

  /** Shows a list to choose from. */
  async showActionSheet(args: Arguments): Promise<object> {
    const items = Array.isArray(args["itemList"]) ? args["itemList"].map(String) : [];
    const colour = textOf(args["itemColor"]);
    const index = await this.choose(items, { title: textOf(args["alertText"]), colour });
    return { tapIndex: index };
  }

  /** Lets the user choose one of some lines; rejects with {@link Cancelled}. */
  choose(
    items: readonly string[],
    { title = "", colour = "" }: { readonly title?: string; readonly colour?: string } = {},
  ): Promise<number> {
    return this.#askOrCancel<number>((answer, cancel) => {
      const buttons = items.map((item, index) =>
        make("button", { onClick: () => answer(index), style: { color: colour } }, item),
      );
      return make(
        "div",
        { class: "sheet", attributes: { role: "dialog" } },
        title === "" ? undefined : make("p", { class: "sheet-title" }, title),
        ...buttons,
        make("button", { class: "sheet-cancel cancel", onClick: cancel }, this.#words.cancel),
      );
    });
  }

  /** Asks for a permission; rejects with {@link Cancelled}. */
  askPermission(args: Arguments, appName: string): Promise<object> {
    const words = this.#words;
    const scope = textOf(args["scope"]).replace("scope.", "");
    const known: Readonly<Record<string, string>> = {
      userInfo: words.userInfo,
      userLocation: words.userLocation,
      record: words.record,
      camera: words.camera,
      writePhotosAlbum: words.writePhotosAlbum,
    };
    return this.#askOrCancel<object>((answer, cancel) =>
      make(
        "div",
        { class: "sheet permission", attributes: { role: "dialog" } },
        make("p", { class: "permission-app" }, `${appName} ${words.wants}`),
        make("h2", {}, known[scope] ?? words.other),
        make("p", { class: "permission-note" }, textOf(args["desc"])),
        make(
          "footer",
          {},
          make("button", { class: "refuse cancel", onClick: cancel }, words.refuse),
          make("button", { class: "allow", onClick: () => answer({}) }, words.allow),
        ),
      ),
    );
  }

  /** Asks for a text; rejects with {@link Cancelled}. */
  askText(title: string, hint: string): Promise<string> {
    const input = make("input", { class: "modal-input", attributes: { placeholder: hint } });
    return this.#askOrCancel<string>((answer, cancel) =>
      make(
        "div",
        { class: "modal", attributes: { role: "dialog", "aria-label": title } },
        make("h2", {}, title),
        input,
        make(
          "footer",
          {},
          make("button", { class: "modal-cancel cancel", onClick: cancel }, this.#words.cancel),
          make("button", { class: "modal-confirm", onClick: () => answer(input.value) }, this.#words.confirm),
        ),
      ),
    );
  }

  /** Shows pictures full-screen until one is touched. */
  preview(addresses: readonly string[], current: number): void {
    let index = Math.max(0, current);
    const image = make("img", { attributes: { alt: "" } });
    const count = make("span", { class: "preview-count" });
    const show = (): void => {
      image.src = this.#resolve(addresses[index] ?? "");
      count.textContent = addresses.length > 1 ? `${index + 1} / ${addresses.length}` : "";
    };
    const turn = (step: number) => (event: MouseEvent) => {
      event.stopPropagation();
      index = (index + step + addresses.length) % addresses.length;
      show();
    };
    const arrows =
      addresses.length > 1
        ? [
            make("button", { class: "preview-arrow left", onClick: turn(-1) }, "‹"),
            make("button", { class: "preview-arrow right", onClick: turn(1) }, "›"),
          ]
        : [];
    const layer = make("div", { class: "preview", attributes: { role: "dialog" } }, image, count, ...arrows);
    layer.addEventListener("click", () => layer.remove());
    show();
    this.element.append(layer);
  }

  #ask<T>(content: (answer: (value: T) => void) => HTMLElement): Promise<T> {
    return new Promise((resolve) => {
      const layer = make("div", { class: "layer" });
      const dialog = content((value) => {
        layer.remove();
        resolve(value);
      });
      // Beside a sheet, a touch closes it; a dialogue waits for its answer.
      const mask = make("div", { class: "mask", onClick: () => pressCancel(layer, ".sheet-cancel") });
      layer.addEventListener("keydown", ({ key }) => {
        if (key === "Escape") pressCancel(layer, ".cancel");
      });
      layer.append(mask, dialog);
      this.element.append(layer);
      dialog.tabIndex = -1;
      (layer.querySelector<HTMLElement>("input, textarea") ?? dialog).focus();
    });
  }

  async #askOrCancel<T>(content: (answer: (value: T) => void, cancel: () => void) => HTMLElement): Promise<T> {
    const result = await this.#ask<{ readonly value: T } | undefined>((answer) =>
      content(
        (value) => answer({ value }),
        () => answer(undefined),
      ),
    );
    if (result === undefined) throw new Cancelled();
    return result.value;
  }
}

/** Texts of a list of pictures, whatever form it has. */
export function sourcesOf(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => (isRecord(entry) ? textOf(entry["url"]) : String(entry)));
}

function pressCancel(layer: HTMLElement, selector: string): void {
  layer.querySelector<HTMLElement>(`${selector}:not([hidden])`)?.click();
}
