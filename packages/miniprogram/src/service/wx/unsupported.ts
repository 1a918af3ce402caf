import type { InvokeResult } from "../../bus/message.ts";
import { deliver, hasCallbacks } from "./results.ts";

/**
 * Stands for an API that this runner does not have: it can be called and looked into as deep as an
 * application likes. Every call fails in the documented way, with a line in the console, and none throws.
 */
export function unsupported(name: string, warn: (text: string) => void): unknown {
  // No arrow: an application may call it with `new`.
  const target = function unsupportedApi(): void {};
  return new Proxy(target, {
    get: (_, key) => {
      if (key === Symbol.toPrimitive) return () => "";
      if (typeof key === "symbol" || key === "then" || key === "toJSON" || key === "prototype") return undefined;
      return unsupported(`${name}.${key}`, warn);
    },
    set: () => true,
    has: () => false,
    apply: (_target, _this, args: readonly unknown[]) => fail(name, args[0], warn),
    construct: () => ({ errMsg: `${name}:fail not supported` }),
  });
}

function fail(name: string, args: unknown, warn: (text: string) => void): unknown {
  warn(`wx.${name} is not supported`);
  const last = name.slice(name.lastIndexOf(".") + 1);
  // Listeners are accepted and never called.
  if (/^(on|off)[A-Z]/.test(last)) return undefined;
  const result: InvokeResult = { errMsg: `${name}:fail not supported` };
  if (hasCallbacks(args)) return deliver(args, Promise.resolve(result));
  return failedPromise(name, result, warn);
}

/** Objects such as managers are looked into, others are waited for: this is both. */
function failedPromise(name: string, result: InvokeResult, warn: (text: string) => void): unknown {
  const promise = deliver(undefined, Promise.resolve(result)) ?? Promise.resolve(result);
  // Nobody may look at it; the console has its line.
  promise.catch(() => {});
  return new Proxy(promise, {
    get: (_, key) => {
      if (key === "then" || key === "catch" || key === "finally") return promise[key].bind(promise);
      return typeof key === "symbol" ? undefined : unsupported(`${name}.${key}`, warn);
    },
    set: () => true,
  });
}
