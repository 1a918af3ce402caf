import { UserFiles } from "./user-files.ts";

/** What one phone keeps of its mini-program. */
export interface PhoneData {
  /** Values of the mini-program as JSON, by key. */
  readonly storage: Map<string, string>;
  readonly userFiles: UserFiles;
}

/** Most devices whose storage and files are remembered. */
const MAX_DEVICES = 64;

/** What phones keep between the starts of a mini-program, as long as the runner runs. */
export class KeptData {
  readonly #devices = new Map<string, PhoneData>();

  /** The data of a phone; the phone that was away for the longest is forgotten when there are too many. */
  of(deviceId: string): PhoneData {
    const data = this.#devices.get(deviceId) ?? { storage: new Map<string, string>(), userFiles: new UserFiles() };
    this.#devices.delete(deviceId);
    this.#devices.set(deviceId, data);
    const [oldest] = this.#devices.keys();
    if (this.#devices.size > MAX_DEVICES && oldest !== undefined) this.#devices.delete(oldest);
    return data;
  }
}
