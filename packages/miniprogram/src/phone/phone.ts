import { Bridge } from "../bus/bridge.ts";
import type { BusClient } from "../bus/bus.ts";
import type { InvokeResult } from "../bus/message.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { resolveResource } from "../view/resources.ts";
import { type PhoneModel, PHONE_MODELS } from "./devices.ts";
import { make } from "./dom.ts";
import { LogicFrame } from "./logic-frame.ts";
import { imageInfo, MediaPicker } from "./media-picker.ts";
import { Cancelled, Overlays, sourcesOf } from "./overlays.ts";
import { PageFrames, parseRoute } from "./page-frames.ts";
import { Panel } from "./panel.ts";
import { Screen } from "./screen.ts";
import { Sounds } from "./sounds.ts";
import { TabBar } from "./tab-bar.ts";
import { Toolbar } from "./toolbar.ts";
import { type Language, type Words, wordsOf } from "./words.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** Where the runner serves what the phone needs. */
export interface PhoneAddresses {
  /** The bus, with the session. */
  readonly bus: string;
  /** Folder of the runner, ending in a slash. */
  readonly base: string;
  /** Name of the session on the bus. */
  readonly sessionId: string;
}

/** What the phone looks like at first. */
export interface PhoneSettings {
  readonly language: Language;
  /** Appearance. */
  readonly theme: "dark" | "light";
  readonly model: PhoneModel;
}

/** The phone: it shows what the host says, and tells the host what the user does. */
export class Phone {
  /** The whole page. */
  readonly element: HTMLElement;
  readonly #bridge: Bridge;
  readonly #addresses: PhoneAddresses;
  readonly #words: Words;
  readonly #screen: Screen;
  readonly #frames: PageFrames;
  readonly #tabBar: TabBar;
  readonly #overlays: Overlays;
  readonly #panel: Panel;
  readonly #toolbar: Toolbar;
  readonly #logic: LogicFrame;
  readonly #picker: MediaPicker;
  readonly #sounds: Sounds;
  readonly #apis: ReadonlyMap<string, (args: Arguments) => object | void | Promise<object | void>>;
  #clipboard = "";

  /** Draws the phone; nothing runs before `start`. */
  constructor(client: BusClient, addresses: PhoneAddresses, settings: PhoneSettings) {
    this.#addresses = addresses;
    this.#words = wordsOf(settings.language);
    this.#bridge = new Bridge(client);
    const words = this.#words;
    const resolve = (address: string): string => this.#resolve(address);
    const upload = (file: Blob): Promise<string> => this.#upload(file);
    this.#frames = new PageFrames({
      address: (id) => this.#viewAddress(id, settings.language),
      words,
      back: () => this.#tell("back"),
      home: () => this.#tell("home"),
    });
    this.#tabBar = new TabBar({ address: resolve, pressed: (index) => this.#tell("tab", { index }) });
    this.#overlays = new Overlays(words, resolve);
    this.#screen = new Screen({
      words,
      content: [this.#frames.element, this.#tabBar.element],
      overlays: this.#overlays.element,
      menu: () => void this.#openMenu(),
      background: () => this.#tell("background"),
      foreground: () => this.#tell("foreground"),
    });
    this.#panel = new Panel({
      words,
      watchBus: (isOn) => this.#tell("watchBus", { isOn }),
      watchData: () => this.#bridge.send({ command: "GET_APP_DATA", data: null }),
      writeData: (webviewId, data) => this.#bridge.send({ command: "WRITE_APP_DATA", data: { webviewId, data } }),
      clearStorage: () => this.#tell("clearStorage"),
    });
    this.#toolbar = new Toolbar({
      words,
      settings,
      models: PHONE_MODELS,
      modelChosen: (model) => this.#setModel(model),
      themeChosen: (theme) => this.#setTheme(theme),
      pressed: (name) => this.#tell(name),
    });
    this.element = make(
      "div",
      { class: "workbench" },
      this.#toolbar.element,
      this.#screen.element,
      this.#panel.element,
    );
    this.#picker = new MediaPicker(upload, this.element);
    this.#sounds = new Sounds(resolve, upload, (data) => this.#tell("sound", data));
    this.#logic = new LogicFrame(this.element, this.#logicAddress());
    this.#apis = new Map(Object.entries(this.#createApis()));
    this.#setTheme(settings.theme);
    this.#setModel(settings.model);
    this.#listen();
  }

  /** Starts the logic layer. */
  start(): void {
    this.#screen.setNotice("");
    this.#logic.start();
  }

  /** Says that the runner cannot be reached any more. */
  lost(): void {
    this.#screen.setNotice(this.#words.lost);
  }

  #listen(): void {
    const bridge = this.#bridge;
    bridge.on("CONTROL_INVOKE", (message) => void this.#answer(message));
    bridge.on("route", (data) => this.#routed(data));
    bridge.on("restart", () => this.#restart());
    bridge.on("destroyed", () => this.#clear());
    bridge.on("state", (data) => this.#showState(isRecord(data) ? textOf(data["state"]) : ""));
    bridge.on("window", (data) => {
      if (isRecord(data) && isRecord(data["window"])) this.#frames.showWindow(data["window"]);
      this.#matchBar();
    });
    bridge.on("compileErrors", (data) => this.#showErrors(data));
    bridge.on("console", (data) => this.#panel.addConsole(data));
    bridge.on("network", (data) => this.#panel.addNetwork(data));
    bridge.on("storage", (data) => this.#panel.showStorage(data));
    bridge.on("traffic", (data) => this.#panel.addTraffic(data));
    bridge.on("SEND_APP_DATA", (data) => this.#panel.showData(data));
    bridge.on("messagesLost", () => this.#tell("restart"));
  }

  #routed(data: unknown): void {
    const route = parseRoute(data);
    if (route === undefined || !isRecord(data)) return;
    this.#screen.showErrors(undefined);
    this.#frames.route(route);
    this.#tabBar.show(data["tabBar"], route.tab);
    this.#matchBar();
  }

  #restart(): void {
    this.#clear();
    this.#screen.showErrors(undefined);
    this.#screen.setDesktop("");
    this.#toolbar.setState("running");
    this.#logic.start();
  }

  #clear(): void {
    this.#logic.stop();
    this.#frames.clear();
    this.#tabBar.reset();
    this.#overlays.clear();
    this.#sounds.clear();
    this.#panel.restart();
  }

  #showState(state: string): void {
    const words = this.#words;
    const notes: Readonly<Record<string, string>> = {
      background: words.inBackground,
      suspended: words.suspended,
      destroyed: words.destroyed,
    };
    this.#toolbar.setState(state);
    this.#screen.setDesktop(notes[state] ?? "");
  }

  #showErrors(data: unknown): void {
    const errors = isRecord(data) && Array.isArray(data["errors"]) ? data["errors"].map(String) : [];
    this.#screen.showErrors(errors);
    for (const text of errors) this.#panel.addConsole({ level: "error", text });
  }

  /** The signs of the phone follow the bar of the page. */
  #matchBar(): void {
    this.#screen.setTextStyle(this.#frames.bar?.textStyle ?? "black");
  }

  #createApis(): Readonly<Record<string, (args: Arguments) => object | void | Promise<object | void>>> {
    const overlays = this.#overlays;
    const bar = (): PageFrames["bar"] => this.#frames.bar;
    const tabBarApis = [
      "showTabBar",
      "hideTabBar",
      "setTabBarItem",
      "setTabBarStyle",
      "setTabBarBadge",
      "removeTabBarBadge",
      "showTabBarRedDot",
      "hideTabBarRedDot",
    ];
    return {
      showToast: (args) => overlays.showToast(args, "toast"),
      showLoading: (args) => overlays.showToast(args, "loading"),
      hideToast: () => overlays.hideToast(),
      hideLoading: () => overlays.hideToast(),
      showModal: (args) => overlays.showModal(args),
      showActionSheet: (args) => overlays.showActionSheet(args),
      askPermission: (args) => overlays.askPermission(args, bar()?.title ?? ""),
      setNavigationBarTitle: (args) => bar()?.setTitle(textOf(args["title"])),
      setNavigationBarColor: (args) => this.#setBarColour(args),
      showNavigationBarLoading: () => bar()?.setLoading(true),
      hideNavigationBarLoading: () => bar()?.setLoading(false),
      hideHomeButton: () => bar()?.hideHome(),
      setBackgroundColor: () => {},
      setBackgroundTextStyle: () => {},
      hideKeyboard: () => {},
      ...Object.fromEntries(tabBarApis.map((api) => [api, (args: Arguments) => this.#tabBar.call(api, args)])),
      ...this.#createMediaApis(),
      setClipboardData: (args) => this.#copy(textOf(args["data"])),
      getClipboardData: () => ({ data: this.#clipboard }),
      vibrateShort: () => void navigator.vibrate?.(15),
      vibrateLong: () => void navigator.vibrate?.(400),
      scanCode: async () => ({
        result: await overlays.askText(this.#words.scan, this.#words.scanHint),
        scanType: "QR_CODE",
        charSet: "UTF-8",
        path: "",
      }),
      makePhoneCall: async (args) =>
        void (await overlays.choose([`${this.#words.calls} ${textOf(args["phoneNumber"])}`])),
      openLocation: (args) =>
        overlays.showToast(
          {
            title: `${this.#words.location} ${numberOf(args["latitude"])}, ${numberOf(args["longitude"])}`,
            icon: "none",
          },
          "toast",
        ),
      shareAppMessage: (args) => this.#share(args),
      requestSubscribeMessage: (args) => this.#subscribe(args),
    };
  }

  #createMediaApis(): Readonly<Record<string, (args: Arguments) => object | void | Promise<object | void>>> {
    return {
      chooseImage: (args) => this.#fromAlbum(() => this.#picker.chooseImage(args)),
      chooseMedia: (args) => this.#fromAlbum(() => this.#picker.chooseMedia(args)),
      chooseVideo: () => this.#fromAlbum(() => this.#picker.chooseVideo()),
      chooseMessageFile: (args) => this.#fromAlbum(() => this.#picker.chooseMessageFile(args)),
      chooseAvatar: () => this.#fromAlbum(() => this.#picker.chooseAvatar()),
      getImageInfo: (args) => imageInfo(args, (address) => this.#resolve(address)),
      previewImage: (args) => this.#preview(sourcesOf(args["urls"]), args["current"]),
      previewMedia: (args) => this.#preview(sourcesOf(args["sources"]), args["current"]),
      openDocument: (args) => void window.open(this.#resolve(textOf(args["filePath"])), "_blank", "noopener"),
      operateAudio: (args) => this.#sounds.operate(args),
      operateRecorder: (args) => this.#sounds.record(args),
    };
  }

  async #answer(message: unknown): Promise<void> {
    const data = isRecord(message) && isRecord(message["data"]) ? message["data"] : {};
    const api = textOf(data["api"]);
    const res = await this.#run(api, isRecord(data["args"]) ? data["args"] : {});
    this.#bridge.send({ command: "CONTROL_INVOKE_CALLBACK", data: { callbackID: numberOf(data["callbackID"]), res } });
  }

  async #run(api: string, args: Arguments): Promise<InvokeResult> {
    const handler = this.#apis.get(api);
    if (handler === undefined) return { errMsg: `${api}:fail not supported` };
    try {
      return { ...(await handler(args)), errMsg: `${api}:ok` };
    } catch (error) {
      if (error instanceof Cancelled) return { errMsg: `${api}:fail cancel` };
      return { errMsg: `${api}:fail ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  #setBarColour(args: Arguments): void {
    const isWhite = textOf(args["frontColor"]).toLowerCase() === "#ffffff";
    const durationMs = isRecord(args["animation"]) ? numberOf(args["animation"]["duration"]) : 0;
    this.#frames.bar?.setColours(textOf(args["backgroundColor"], "#fff"), isWhite ? "white" : "black", durationMs);
    this.#matchBar();
  }

  /** A browser opens its dialogue only after a press, so the phone asks for one first, as an album would. */
  async #fromAlbum(choose: () => Promise<object>): Promise<object> {
    await this.#overlays.choose([this.#words.takePicture]);
    return choose();
  }

  #preview(addresses: readonly string[], current: unknown): void {
    const index = typeof current === "number" ? current : addresses.indexOf(textOf(current));
    this.#overlays.preview(addresses, index);
  }

  #copy(text: string): void {
    this.#clipboard = text;
    // A page without the focus may not write; the mini-program's own clipboard holds it anyway.
    void navigator.clipboard?.writeText(text).catch(() => {});
    this.#overlays.showToast({ title: this.#words.copied }, "toast");
  }

  async #share(args: Arguments): Promise<void> {
    const title = textOf(args["title"], this.#frames.bar?.title);
    await this.#overlays.choose([this.#words.shared], {
      title: `${title}\n${textOf(args["path"], this.#frames.path)}`,
    });
  }

  async #subscribe(args: Arguments): Promise<object> {
    const ids = Array.isArray(args["tmplIds"]) ? args["tmplIds"].map(String) : [];
    const answer = await this.#overlays
      .askPermission({ scope: "scope.subscribe", desc: ids.join("\n") }, this.#words.subscribe)
      .then(
        () => "accept",
        () => "reject",
      );
    return Object.fromEntries(ids.map((id) => [id, answer]));
  }

  async #openMenu(): Promise<void> {
    const words = this.#words;
    try {
      const choice = await this.#overlays.choose([words.share, words.home, words.restart]);
      this.#tell(["menuShare", "home", "restart"][choice] ?? "home");
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }

  #setModel(model: PhoneModel): void {
    this.#screen.setModel(model);
    this.#tell("device", { ...model });
  }

  #setTheme(theme: "dark" | "light"): void {
    document.documentElement.classList.toggle("dark", theme === "dark");
    this.#tell("device", { theme });
  }

  #tell(eventName: string, data: object = {}): void {
    this.#bridge.send({ command: "CONTROL_PUBLISH", data: { eventName, data } });
  }

  #resolve(address: string): string {
    const { base, sessionId } = this.#addresses;
    return resolveResource(address, this.#frames.path, {
      assets: `${base}assets/`,
      files: `${base}files/${sessionId}/`,
      map: new Map(),
    });
  }

  async #upload(file: Blob): Promise<string> {
    const { base, sessionId } = this.#addresses;
    const response = await fetch(`${base}files/${sessionId}`, {
      method: "POST",
      body: file,
      headers: { "content-type": file.type || "application/octet-stream" },
    });
    const result: unknown = await response.json();
    if (!isRecord(result) || typeof result["path"] !== "string") throw new Error("the file was not accepted");
    return result["path"];
  }

  #viewAddress(webviewId: number, language: Language): string {
    const { base, bus, sessionId } = this.#addresses;
    const query = new URLSearchParams({
      id: String(webviewId),
      bus,
      assets: `${base}assets/`,
      files: `${base}files/${sessionId}/`,
      lang: language,
    });
    return `${base}view.html?${query}`;
  }

  #logicAddress(): string {
    const { base, bus } = this.#addresses;
    return `${base}service.html?${new URLSearchParams({ bus, worker: `${base}worker.js` })}`;
  }
}
