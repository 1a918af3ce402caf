/** How a call to the fake WeChat goes wrong. */
export type FakeWechatFault =
  /** Answers with an error, for example -1 when busy, 45011 when called too often, 42001 for an expired token. */
  | { readonly kind: "errcode"; readonly errcode: number }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Tears the connection. */
  | { readonly kind: "cut" }
  /** Answers 502 with a page of a proxy. */
  | { readonly kind: "bad_gateway" };

/** Which calls a fault meets. */
export interface FakeWechatFaultOptions {
  /** Only calls of this path. @defaultValue every path */
  readonly path?: string;
  /** How many calls. @defaultValue 1 */
  readonly times?: number;
}

interface PendingFault {
  readonly fault: FakeWechatFault;
  readonly path: string | undefined;
  left: number;
}

/** Faults that wait for their calls, in the order in which they were ordered. */
export class FakeWechatFaults {
  readonly #pending = new Set<PendingFault>();

  /** Orders a fault. */
  add(fault: FakeWechatFault, { path, times = 1 }: FakeWechatFaultOptions): void {
    this.#pending.add({ fault, path, left: times });
  }

  /** The fault that meets a call now. */
  take(path: string): FakeWechatFault | undefined {
    for (const pending of this.#pending) {
      if (pending.path !== undefined && pending.path !== path) continue;
      pending.left -= 1;
      if (pending.left <= 0) this.#pending.delete(pending);
      return pending.fault;
    }
    return undefined;
  }
}
