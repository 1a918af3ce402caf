import type { InvokeResult } from "../bus/message.ts";

/** How an event leaves an element. */
export interface EmitOptions {
  /** Whether ancestors get it, those of other components included. @defaultValue false */
  readonly bubbles?: boolean;
  /** Fields beside the detail. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Properties that the user changed. */
  readonly changed?: Readonly<Record<string, unknown>>;
}

/** What built-in elements know of the page around them. */
export interface ViewRuntime {
  /** Path of the page: relative addresses start there. */
  readonly path: string;
  /** Sends an event of an element to the logic layer. */
  emit(element: Element, type: string, detail: unknown, options?: EmitOptions): void;
  /** Calls an API of the host. */
  invoke(api: string, args: unknown): Promise<InvokeResult>;
  /** Makes an address that a browser can load of one that a mini-program uses. */
  resolve(address: string): string;
  /** Runs when the operations that are being applied have all been applied. */
  afterBatch(run: () => void): void;
}
