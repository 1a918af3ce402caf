import { createContext, runInContext } from "node:vm";
import type { Clock } from "@hutong/server/plugin";
import type { FakeWxRun } from "./fake-wx.ts";

/** What a realm is made of besides the run of a mini-program. */
export interface WxRealmOptions {
  /**
   * Whether what follows a promise runs as a task of its own, as on phones whose WeChat brings its own promises.
   *
   * @defaultValue false
   */
  readonly hasSlowPromises?: boolean;
}

/** Where the code of one run lives. */
export interface WxRealm {
  /** Runs a script of CommonJS and gives its exports. It can require nothing. */
  load(script: string): unknown;
  /** Gives the value of an expression. */
  evaluate(expression: string): unknown;
}

// Members of the language that older phones lack, by what holds them.
const TOO_NEW = `
  for (const [holder, names] of [
    [globalThis, ["WebAssembly", "SharedArrayBuffer", "Atomics", "WeakRef", "FinalizationRegistry", "Iterator"]],
    [Object, ["hasOwn", "fromEntries", "groupBy"]],
    [Array.prototype, ["at", "findLast", "findLastIndex", "flat", "flatMap", "toSorted", "toReversed", "toSpliced", "with"]],
    [String.prototype, ["at", "replaceAll", "matchAll", "isWellFormed", "toWellFormed"]],
    [Promise, ["allSettled", "any", "withResolvers"]],
    [Promise.prototype, ["finally"]],
    [Symbol, ["dispose", "asyncDispose"]],
  ]) for (const name of names) Reflect.deleteProperty(holder, name);
`;

const SLOW_PROMISES = `{
  const Native = Promise;
  const later = (run) => typeof run !== "function" ? run : (value) =>
    new Native((resolve) => setTimeout(resolve, 0)).then(() => run(value));
  globalThis.Promise = class Promise extends Native {
    then(fulfilled, rejected) { return super.then(later(fulfilled), later(rejected)); }
  };
}`;

/**
 * Makes the realm of a mini-program: the language, `console`, `wx`, and timers that stand still while the run is
 * frozen. Nothing of browsers or Node is there, nothing that came into the language after 2017 and has no syntax, and no
 * code can be made from texts.
 *
 * @example
 * const realm = createWxRealm(phone.run);
 * const { createSocket } = realm.load(script);
 */
export function createWxRealm({ app, wx }: FakeWxRun, options: WxRealmOptions = {}): WxRealm {
  const context = createContext(
    { wx, console, ...timersOf(app.clock), nowOfPhone: () => app.clock.now() },
    { codeGeneration: { strings: false, wasm: false } },
  );
  const evaluate = (code: string): unknown => runInContext(code, context);
  evaluate(`Date.now = nowOfPhone; delete globalThis.nowOfPhone; ${TOO_NEW}`);
  if (options.hasSlowPromises === true) evaluate(SLOW_PROMISES);
  return {
    evaluate,
    load: (script) => evaluate(`(() => { const module = { exports: {} }; ${script}\n; return module.exports; })()`),
  };
}

/** The timers of the language's hosts, whose ids are numbers. */
function timersOf(clock: Clock) {
  const timers = new Map<number, () => void>();
  let lastId = 0;
  const start = (begin: (run: () => void) => () => void, run: () => void): number => {
    const id = ++lastId;
    timers.set(id, begin(run));
    return id;
  };
  const clear = (id: number): void => {
    timers.get(id)?.();
    timers.delete(id);
  };
  return {
    setTimeout: (run: () => void, ms = 0): number => start((due) => clock.after(ms, due), run),
    setInterval: (run: () => void, ms = 0): number => start((due) => clock.every(ms, due), run),
    clearTimeout: clear,
    clearInterval: clear,
  };
}
