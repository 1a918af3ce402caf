import type { BusSession } from "../bus/bus-session.ts";
import { connectInMemory } from "../bus/memory-bus.ts";
import type { BusClient } from "../bus/bus.ts";
import type { Clock } from "../clock.ts";
import type { CompiledProject } from "../compiler/compiled-project.ts";
import type { HostMap } from "./address-guard.ts";
import type { Device } from "./device.ts";
import { MiniProgram } from "./mini-program.ts";
import type { TemporaryFile } from "./temporary-files.ts";
import type { UserFiles } from "./user-files.ts";
import type { WechatAccount } from "./wechat-accounts.ts";

/** How long a session waits for its phone to come back, in milliseconds. */
export const PHONE_GRACE_MS = 600_000;

/** What a session needs. */
export interface SessionOptions {
  /** Unguessable name. */
  readonly id: string;
  readonly clock: Clock;
  readonly bus: BusSession;
  /** `undefined` while the project has errors. */
  readonly project: CompiledProject | undefined;
  readonly map: HostMap;
  readonly account: WechatAccount;
  /** Values of the mini-program as JSON, shared by all starts on one phone. */
  readonly storage: Map<string, string>;
  /** Files of the mini-program, shared in the same way. */
  readonly userFiles: UserFiles;
  readonly device: Device;
  /** Address of the page to start with, empty for the entry page. */
  readonly startUrl: string;
  /** Called when the phone has been away for too long. */
  ended(): void;
}

/** The WebSocket of a phone. */
interface PhoneLink {
  on(event: "close", listener: () => void): unknown;
}

/** One phone in a browser: its bus, and the mini-program on it once the project compiles. */
export class Session {
  /** Unguessable name. */
  readonly id: string;
  readonly #options: SessionOptions;
  #program: MiniProgram | undefined;
  /** Stands in for the host while there is nothing to run. */
  #placeholder: BusClient | undefined;
  #link: PhoneLink | undefined;
  #awaySinceMs: number | undefined;
  #cancelEnd = (): void => {};
  #isClosed = false;

  /** Starts nothing before the phone comes. */
  constructor(options: SessionOptions) {
    this.id = options.id;
    this.#options = options;
    if (options.project === undefined) this.#placeholder = connectInMemory(options.bus, "HOST");
    else this.#program = this.#createProgram(options.project);
    this.#expectPhone();
  }

  /** When the page with the phone went away, in milliseconds since 1970; `undefined` while it is there. */
  get awaySinceMs(): number | undefined {
    return this.#awaySinceMs;
  }

  /** The phone is there. */
  phoneCame(link: PhoneLink): void {
    this.#cancelEnd();
    this.#awaySinceMs = undefined;
    this.#link = link;
    link.on("close", () => {
      // A link that was replaced may end later than its successor began.
      if (this.#link === link) this.#expectPhone();
    });
  }

  /** Runs another build of the project. */
  reload(project: CompiledProject): void {
    if (this.#program !== undefined) {
      this.#program.reload(project);
      return;
    }
    void this.#placeholder?.close();
    this.#placeholder = undefined;
    this.#program = this.#createProgram(project);
    this.#program.reload(project);
  }

  /** Shows what is wrong with the project. */
  showErrors(errors: readonly string[]): void {
    if (this.#program !== undefined) this.#program.showErrors(errors);
    else
      this.#placeholder?.send({ command: "CONTROL_ON_EVENT", data: { eventName: "compileErrors", data: { errors } } });
  }

  /** Lists what the compiler found doubtful in the console of the phone. */
  showWarnings(warnings: readonly string[]): void {
    for (const text of warnings) this.#program?.warn(text);
  }

  /** Keeps a file for the mini-program; `undefined` while nothing runs. */
  addFile(file: TemporaryFile): string | undefined {
    return this.#program?.files.add(file);
  }

  /** A file of the mini-program. */
  file(name: string): TemporaryFile | undefined {
    return this.#program?.files.get(name);
  }

  /** Ends the mini-program. */
  close(): void {
    this.#isClosed = true;
    this.#cancelEnd();
    this.#program?.close();
    void this.#placeholder?.close();
  }

  #createProgram(project: CompiledProject): MiniProgram {
    const { clock, bus, map, account, storage, userFiles, device, startUrl } = this.#options;
    return new MiniProgram({
      clock,
      session: bus,
      project,
      map,
      account,
      storage,
      userFiles,
      device,
      ...(startUrl !== "" && { startUrl }),
    });
  }

  #expectPhone(): void {
    this.#cancelEnd();
    // The link of the phone ends after the session that ends it.
    if (this.#isClosed) return;
    this.#awaySinceMs = this.#options.clock.now();
    this.#cancelEnd = this.#options.clock.after(PHONE_GRACE_MS, () => this.#options.ended());
  }
}
