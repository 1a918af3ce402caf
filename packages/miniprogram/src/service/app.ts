import { isRecord } from "../is-record.ts";
import type { LaunchOptions } from "./launch.ts";

/** The instance of `App`, and when its functions run. */
export class AppInstance {
  readonly #failed: (error: unknown) => void;
  readonly #options: LaunchOptions;
  #instance: Record<string, unknown> | undefined;
  #isShown = false;

  /** `failed` gets what the project's functions throw. */
  constructor(options: LaunchOptions, failed: (error: unknown) => void) {
    this.#options = options;
    this.#failed = failed;
  }

  /** What `getApp` gives; made when nothing called `App`. */
  get instance(): Record<string, unknown> {
    return (this.#instance ??= {});
  }

  /** Registers the definition. Launches at once: scripts of pages expect what `onLaunch` leaves behind. */
  define(definition: unknown): void {
    if (!isRecord(definition)) return;
    const instance = this.instance;
    for (const [name, value] of Object.entries(definition)) {
      instance[name] = typeof value === "function" ? (value.bind(instance) as unknown) : value;
    }
    this.call("onLaunch", { ...this.#options, referrerInfo: {}, shareTicket: undefined });
  }

  /** The mini-program came to the foreground; does nothing when it is there. */
  show(options: object = this.#options): void {
    if (this.#isShown) return;
    this.#isShown = true;
    this.call("onShow", { ...options, referrerInfo: {}, shareTicket: undefined });
  }

  /** The mini-program went to the background. */
  hide(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.call("onHide");
  }

  /** Calls a function of the app, when it has one of that name. */
  call(name: string, ...args: readonly unknown[]): void {
    const method = this.#instance?.[name];
    if (typeof method !== "function") return;
    try {
      Reflect.apply(method, this.#instance, args);
    } catch (error) {
      this.#failed(error);
    }
  }
}
