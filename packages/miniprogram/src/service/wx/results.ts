import { safeCallback } from "glass-easel";
import type { InvokeResult } from "../../bus/message.ts";
import { isRecord } from "../../is-record.ts";

/** A failed call in the form that projects catch. */
export class ApiError extends Error {
  /** `"<api>:fail <reason>"`. */
  readonly errMsg: string;

  /** Takes over all fields of the result. */
  constructor(result: InvokeResult) {
    super(result.errMsg);
    this.name = "ApiError";
    this.errMsg = result.errMsg;
    Object.assign(this, result);
  }
}

/** A function that an application handed over with its arguments. */
type Callback = (result: unknown) => void;

/** Tells whether the arguments bring functions for the result; without them an API gives a promise. */
export function hasCallbacks(args: unknown): boolean {
  return isRecord(args) && ["success", "fail", "complete"].some((name) => typeof args[name] === "function");
}

/** The arguments without functions: what may travel. */
export function plainArguments(args: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(args)) return {};
  return Object.fromEntries(Object.entries(args).filter(([, value]) => typeof value !== "function"));
}

/** Gives a result to `success` or `fail`, and to `complete`. */
export function settle(args: unknown, result: InvokeResult): void {
  const isSuccess = /^[^:]*:ok/.test(result.errMsg);
  callbackOf(args, isSuccess ? "success" : "fail")?.(result);
  callbackOf(args, "complete")?.(result);
}

/** Hands a result over in the way that the caller chose: to functions, or as a promise that a failure rejects. */
export function deliver(args: unknown, result: Promise<InvokeResult>): Promise<InvokeResult> | undefined {
  if (hasCallbacks(args)) {
    void result.then((value) => settle(args, value));
    return undefined;
  }
  return result.then((value) => {
    if (!/^[^:]*:ok/.test(value.errMsg)) throw new ApiError(value);
    return value;
  });
}

/** The same result under the name of another API, when it bears a different one. */
export function withName(result: InvokeResult, name: string): InvokeResult {
  return result.errMsg.startsWith(`${name}:`) ? result : { ...result, errMsg: result.errMsg.replace(/^[^:]*/, name) };
}

/**
 * A function of the project that may be called anywhere: what it throws is reported as what an event's handler
 * throws, and whoever calls it goes on. `undefined` for what is no function.
 */
export function reporting(name: string, callback: unknown): Callback | undefined {
  if (typeof callback !== "function") return undefined;
  return (value) => {
    safeCallback(name, () => Reflect.apply(callback, undefined, [value]) as unknown, undefined, []);
  };
}

function callbackOf(args: unknown, name: string): Callback | undefined {
  return isRecord(args) ? reporting(name, args[name]) : undefined;
}
