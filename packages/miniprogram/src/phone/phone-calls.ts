import type { InvokeResult } from "../bus/message.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { imageInfo, type MediaPicker } from "./media-picker.ts";
import { Cancelled, type Overlays, sourcesOf } from "./overlays.ts";
import type { PageFrames } from "./page-frames.ts";
import type { Sounds } from "./sounds.ts";
import { TAB_BAR_CALLS, type TabBar } from "./tab-bar.ts";
import type { Words } from "./words.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Call = (args: Arguments) => object | void | Promise<object | void>;
type Calls = Readonly<Record<string, Call>>;

/** The parts of the phone that calls are carried out with. */
export interface PhoneCallsOptions {
  readonly words: Words;
  readonly frames: PageFrames;
  readonly tabBar: TabBar;
  readonly overlays: Overlays;
  readonly picker: MediaPicker;
  readonly sounds: Sounds;
  /** Address of a picture that the mini-program names. */
  readonly resolve: (address: string) => string;
  /** The bar of the page has another colour. */
  readonly barChanged: () => void;
}

/** The calls of `wx` that show something, or ask the user. */
export class PhoneCalls {
  readonly #options: PhoneCallsOptions;
  readonly #calls: ReadonlyMap<string, Call>;
  #clipboard = "";

  /** Takes the parts of one phone. */
  constructor(options: PhoneCallsOptions) {
    this.#options = options;
    const parts = [this.#questions(), this.#bar(), this.#media(), this.#device()];
    this.#calls = new Map(parts.flatMap((calls) => Object.entries(calls)));
  }

  /** Carries out a call. Never rejects: what goes wrong is in the result. */
  async run(api: string, args: Arguments): Promise<InvokeResult> {
    const call = this.#calls.get(api);
    if (call === undefined) return { errMsg: `${api}:fail not supported` };
    try {
      return { ...(await call(args)), errMsg: `${api}:ok` };
    } catch (error) {
      if (error instanceof Cancelled) return { errMsg: `${api}:fail cancel` };
      return { errMsg: `${api}:fail ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  #questions(): Calls {
    const { overlays, frames } = this.#options;
    return {
      showToast: (args) => overlays.showToast(args, "toast"),
      showLoading: (args) => overlays.showToast(args, "loading"),
      hideToast: () => overlays.hideToast(),
      hideLoading: () => overlays.hideToast(),
      showModal: (args) => overlays.showModal(args),
      showActionSheet: (args) => overlays.showActionSheet(args),
      askPermission: (args) => overlays.askPermission(args, frames.bar?.title ?? ""),
      shareAppMessage: (args) => this.#share(args),
      requestSubscribeMessage: (args) => this.#subscribe(args),
    };
  }

  #bar(): Calls {
    const { frames, tabBar } = this.#options;
    return {
      setNavigationBarTitle: (args) => frames.bar?.setTitle(textOf(args["title"])),
      setNavigationBarColor: (args) => this.#setBarColour(args),
      showNavigationBarLoading: () => frames.bar?.setLoading(true),
      hideNavigationBarLoading: () => frames.bar?.setLoading(false),
      hideHomeButton: () => frames.bar?.hideHome(),
      setBackgroundColor: () => {},
      setBackgroundTextStyle: () => {},
      hideKeyboard: () => {},
      ...Object.fromEntries(TAB_BAR_CALLS.map((api) => [api, (args: Arguments) => tabBar.call(api, args)])),
    };
  }

  #media(): Calls {
    const { picker, sounds, resolve } = this.#options;
    return {
      chooseImage: (args) => this.#fromAlbum(() => picker.chooseImage(args)),
      chooseMedia: (args) => this.#fromAlbum(() => picker.chooseMedia(args)),
      chooseVideo: () => this.#fromAlbum(() => picker.chooseVideo()),
      chooseMessageFile: (args) =>
        this.#fromAlbum(() => picker.chooseMessageFile(args), this.#options.words.chooseFile),
      chooseAvatar: () => this.#fromAlbum(() => picker.chooseAvatar()),
      getImageInfo: (args) => imageInfo(args, resolve),
      previewImage: (args) => this.#preview(sourcesOf(args["urls"]), args["current"]),
      previewMedia: (args) => this.#preview(sourcesOf(args["sources"]), args["current"]),
      openDocument: (args) => void window.open(resolve(textOf(args["filePath"])), "_blank", "noopener"),
      operateAudio: (args) => sounds.operate(args),
      operateRecorder: (args) => sounds.record(args),
    };
  }

  #device(): Calls {
    const { overlays, words } = this.#options;
    return {
      setClipboardData: (args) => this.#copy(textOf(args["data"])),
      getClipboardData: () => ({ data: this.#clipboard }),
      vibrateShort: () => void navigator.vibrate?.(15),
      vibrateLong: () => void navigator.vibrate?.(400),
      scanCode: async () => ({
        result: await overlays.askText(words.scan, words.scanHint),
        scanType: "QR_CODE",
        charSet: "UTF-8",
        path: "",
      }),
      makePhoneCall: async (args) => void (await overlays.choose([`${words.calls} ${textOf(args["phoneNumber"])}`])),
      openLocation: ({ latitude, longitude }) => {
        const title = `${words.location} ${numberOf(latitude)}, ${numberOf(longitude)}`;
        overlays.showToast({ title, icon: "none" }, "toast");
      },
    };
  }

  #setBarColour(args: Arguments): void {
    const { frames, barChanged } = this.#options;
    const isWhite = textOf(args["frontColor"]).toLowerCase() === "#ffffff";
    const durationMs = isRecord(args["animation"]) ? numberOf(args["animation"]["duration"]) : 0;
    frames.bar?.setColours(textOf(args["backgroundColor"], "#fff"), isWhite ? "white" : "black", durationMs);
    barChanged();
  }

  /** A browser opens its dialogue only after a press, so the phone asks for one first, as an album would. */
  async #fromAlbum(choose: () => Promise<object>, question = this.#options.words.takePicture): Promise<object> {
    await this.#options.overlays.choose([question]);
    return choose();
  }

  #preview(addresses: readonly string[], current: unknown): void {
    const index = typeof current === "number" ? current : addresses.indexOf(textOf(current));
    this.#options.overlays.preview(addresses, index);
  }

  #copy(text: string): void {
    const { overlays, words } = this.#options;
    this.#clipboard = text;
    // A page without the focus may not write; the mini-program's own clipboard holds it anyway.
    void navigator.clipboard?.writeText(text).catch(() => {});
    overlays.showToast({ title: words.copied }, "toast");
  }

  async #share(args: Arguments): Promise<void> {
    const { frames, overlays, words } = this.#options;
    const title = textOf(args["title"], frames.bar?.title);
    await overlays.choose([words.shared], { title: `${title}\n${textOf(args["path"], frames.path)}` });
  }

  async #subscribe(args: Arguments): Promise<object> {
    const { overlays, words } = this.#options;
    const ids = Array.isArray(args["tmplIds"]) ? args["tmplIds"].map(String) : [];
    const answer = await overlays
      .askPermission({ scope: "scope.subscribe", desc: ids.join("\n") }, words.subscribe)
      .then(
        () => "accept",
        () => "reject",
      );
    return Object.fromEntries(ids.map((id) => [id, answer]));
  }
}
