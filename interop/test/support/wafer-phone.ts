import { createRequire } from "node:module";
import { createFakeWx, createWxRealm, type FakeWx, type FakeWxOptions, SkippingClock } from "@hutong/testing";
import { build } from "esbuild";
import { Inbox } from "./inbox.ts";
import { within } from "./limits.ts";

/** The part of `wafer-client-sdk` and of `wafer2-client-sdk` that the tests use. */
export interface WaferSdk {
  setLoginUrl(url: string): void;
  login(callbacks: WaferCallbacks): void;
  loginWithCode?(callbacks: WaferCallbacks): void;
  clearSession(): void;
  request(options: WaferCallbacks & { readonly url: string; readonly login?: boolean }): void;
  readonly Tunnel: new (url: string) => WaferTunnel;
}

/** How the clients give results. */
export interface WaferCallbacks {
  success(result: unknown): void;
  fail(error: unknown): void;
}

/** A tunnel of the clients. */
export interface WaferTunnel {
  on(event: string, handler: (...given: readonly unknown[]) => void): void;
  open(): void;
  emit(event: string, content: unknown): void;
  close(): void;
}

/** A phone with a wafer client on it. */
export interface WaferPhone {
  readonly phone: FakeWx;
  readonly clock: SkippingClock;
  readonly sdk: WaferSdk;
  /** Logs in and gives what the client calls the user. */
  login(): Promise<unknown>;
  /** Asks for a path and gives the body of the answer. */
  request(path: string, options?: { readonly login?: boolean }): Promise<unknown>;
  /** Opens the tunnel. Everything that happens to it comes as `[event, content]`. */
  openTunnel(): { readonly tunnel: WaferTunnel; readonly happened: Inbox<readonly [string, unknown]> };
}

/** The storage key of both clients. */
export const SESSION_KEY = "weapp_session_F2C224D4-2BCE-4C64-AF9F-A6D872000D1A";

const require = createRequire(import.meta.url);
const SDK_PATHS = {
  "wafer-client-sdk": require.resolve("wafer-client-sdk"),
  "wafer2-client-sdk": require.resolve("wafer2-client-sdk"),
} as const;

/** Starts an unmodified client from npm in the realm of a mini-program, for a server at `url`. */
export async function startWaferPhone(
  name: "wafer-client-sdk" | "wafer2-client-sdk",
  url: string,
  options: Omit<FakeWxOptions, "clock"> = {},
): Promise<WaferPhone> {
  const { outputFiles } = await build({
    entryPoints: [SDK_PATHS[name]],
    bundle: true,
    format: "cjs",
    target: "es2017",
    write: false,
  });
  const clock = new SkippingClock();
  const phone = createFakeWx({ ...options, clock });
  // What the package exports; the tests call it as its documentation says.
  const sdk = createWxRealm(phone.run).load(outputFiles[0]?.text ?? "") as WaferSdk;
  sdk.setLoginUrl(`${url}/login`);
  const called = (what: string, call: (callbacks: WaferCallbacks) => void): Promise<unknown> =>
    within(
      new Promise((resolve, reject) =>
        call({
          success: resolve,
          fail: (error) => reject(new Error(`${what}: ${JSON.stringify(error)}`, { cause: error })),
        }),
      ),
      what,
    );
  return {
    phone,
    clock,
    sdk,
    login: () => called("login", (callbacks) => sdk.login(callbacks)),
    request: async (path, rest = {}) => {
      const response = await called(`request ${path}`, (callbacks) =>
        sdk.request({ url: `${url}${path}`, ...rest, ...callbacks }),
      );
      return Reflect.get(Object(response), "data");
    },
    openTunnel: () => {
      const tunnel = new sdk.Tunnel(`${url}/tunnel`);
      const happened = new Inbox<readonly [string, unknown]>();
      tunnel.on("*", (event, content) => happened.add([String(event), content]));
      tunnel.open();
      return { tunnel, happened };
    },
  };
}
