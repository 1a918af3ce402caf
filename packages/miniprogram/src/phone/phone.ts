import { Bridge } from "../bus/bridge.ts";
import type { BusClient } from "../bus/bus.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { type PhoneModel, PHONE_MODELS } from "./devices.ts";
import { make } from "./dom.ts";
import { LogicFrame } from "./logic-frame.ts";
import { MediaPicker } from "./media-picker.ts";
import { Cancelled, Overlays } from "./overlays.ts";
import { PageFrames, parseRoute } from "./page-frames.ts";
import { Panel } from "./panel.ts";
import { PhoneCalls } from "./phone-calls.ts";
import type { RunnerAddresses } from "./runner-addresses.ts";
import { Screen } from "./screen.ts";
import { Sounds } from "./sounds.ts";
import { TabBar } from "./tab-bar.ts";
import { Toolbar } from "./toolbar.ts";
import { type Language, type Words, wordsOf } from "./words.ts";

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
  readonly #words: Words;
  readonly #frames: PageFrames;
  readonly #tabBar: TabBar;
  readonly #overlays: Overlays;
  readonly #sounds: Sounds;
  readonly #calls: PhoneCalls;
  readonly #screen: Screen;
  readonly #panel: Panel;
  readonly #toolbar: Toolbar;
  readonly #logic: LogicFrame;

  /** Draws the phone; nothing runs before `start`. */
  constructor(client: BusClient, addresses: RunnerAddresses, settings: PhoneSettings) {
    const words = wordsOf(settings.language);
    const resolve = (address: string): string => addresses.resource(address, this.#frames.path);
    const upload = (file: Blob): Promise<string> => addresses.upload(file);
    this.#words = words;
    this.#bridge = new Bridge(client);
    this.#frames = new PageFrames({
      address: (id) => addresses.view(id, settings.language),
      words,
      back: () => this.#tell("back"),
      home: () => this.#tell("home"),
    });
    this.#tabBar = new TabBar({ address: resolve, pressed: (index) => this.#tell("tab", { index }) });
    this.#overlays = new Overlays(words, resolve);
    this.#sounds = new Sounds(resolve, upload, (data) => this.#tell("sound", data));
    this.#screen = this.#createScreen();
    this.#panel = this.#createPanel();
    this.#toolbar = this.#createToolbar(settings);
    const parts = [this.#toolbar.element, this.#screen.element, this.#panel.element];
    this.element = make("div", { class: "workbench" }, ...parts);
    this.#calls = new PhoneCalls({
      ...{ words, resolve, frames: this.#frames, tabBar: this.#tabBar, overlays: this.#overlays, sounds: this.#sounds },
      picker: new MediaPicker(upload, this.element),
      barChanged: () => this.#matchBar(),
    });
    this.#logic = new LogicFrame(this.element, addresses.logic());
    this.#setTheme(settings.theme);
    this.#setModel(settings.model);
    this.#listen();
  }

  /** Starts the logic layer. */
  start(): void {
    this.#screen.setNotice("");
    this.#logic.start();
  }

  /** Says that the runner cannot be reached any more, in the place of pages that nothing moves now. */
  lost(): void {
    this.#clear();
    this.#screen.setNotice(this.#words.lost);
  }

  #createScreen(): Screen {
    return new Screen({
      words: this.#words,
      content: [this.#frames.element, this.#tabBar.element],
      overlays: this.#overlays.element,
      menu: () => void this.#openMenu(),
      background: () => this.#tell("background"),
      foreground: () => this.#tell("foreground"),
    });
  }

  #createPanel(): Panel {
    return new Panel({
      words: this.#words,
      watchBus: (isOn) => this.#tell("watchBus", { isOn }),
      watchData: () => this.#bridge.send({ command: "GET_APP_DATA", data: null }),
      writeData: (webviewId, data) => this.#bridge.send({ command: "WRITE_APP_DATA", data: { webviewId, data } }),
      clearStorage: () => this.#tell("clearStorage"),
    });
  }

  #createToolbar(settings: PhoneSettings): Toolbar {
    return new Toolbar({
      words: this.#words,
      settings,
      models: PHONE_MODELS,
      modelChosen: (model) => this.#setModel(model),
      themeChosen: (theme) => this.#setTheme(theme),
      pressed: (name) => this.#tell(name),
    });
  }

  #listen(): void {
    const bridge = this.#bridge;
    const panel = this.#panel;
    bridge.on("CONTROL_INVOKE", (message) => void this.#answer(message));
    bridge.on("route", (data) => this.#routed(data));
    bridge.on("restart", () => this.#restart());
    bridge.on("destroyed", () => this.#clear());
    bridge.on("state", (data) => this.#showState(isRecord(data) ? textOf(data["state"]) : ""));
    bridge.on("window", (data) => this.#showLook(data));
    bridge.on("compileErrors", (data) => this.#showErrors(data));
    bridge.on("console", (data) => panel.addConsole(data));
    bridge.on("network", (data) => panel.addNetwork(data));
    bridge.on("storage", (data) => panel.showStorage(data));
    bridge.on("traffic", (data) => panel.addTraffic(data));
    bridge.on("SEND_APP_DATA", (data) => panel.showData(data));
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

  /** The appearance of the phone has changed, and what the mini-program looks like with it. */
  #showLook(data: unknown): void {
    if (!isRecord(data)) return;
    if (isRecord(data["windows"])) this.#frames.showWindows(data["windows"]);
    this.#tabBar.restyle(data["tabBar"]);
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

  async #answer(message: unknown): Promise<void> {
    const data = isRecord(message) && isRecord(message["data"]) ? message["data"] : {};
    const res = await this.#calls.run(textOf(data["api"]), isRecord(data["args"]) ? data["args"] : {});
    this.#bridge.send({ command: "CONTROL_INVOKE_CALLBACK", data: { callbackID: numberOf(data["callbackID"]), res } });
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
}
