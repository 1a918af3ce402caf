import { createFakeWx, createWxRealm, type FakeWx, SkippingClock, type WechatAccount } from "@hutong/testing";
import { bundleMiniprogram, ENTRIES } from "../../build-miniprogram.ts";
import * as source from "../../src/wechat.ts";
import * as httpSource from "../../src/wechat-http.ts";
import * as webSocketSource from "../../src/wechat-web-socket.ts";

/** Everything that a mini-program can import of the client. */
export type WechatClient = typeof source & typeof httpSource & typeof webSocketSource;

/** One run of a mini-program with the client in it. */
export interface Program {
  readonly client: WechatClient;
  /** What the client has to be given here; nothing in a realm, where it finds `wx` and time by itself. */
  readonly given: Pick<source.WechatSocketOptions, "wx" | "clock">;
}

/** A place in which the client runs. */
export interface Realm {
  readonly name: string;
  /** Starts the program in the phone's run, as WeChat does. */
  start(phone: FakeWx): Program;
}

let scripts: Promise<readonly string[]> | undefined;

/**
 * Node itself, where a failure has a readable trace, and the realms of phones, in which the script runs that is
 * published. `hasSlowPromises` is as on iOS before 16.
 */
export async function loadRealms(): Promise<readonly Realm[]> {
  scripts ??= Promise.all(ENTRIES.map(bundleMiniprogram));
  const loaded = await scripts;
  const phoneRealm = (name: string, hasSlowPromises: boolean): Realm => ({
    name,
    start({ run }) {
      const realm = createWxRealm(run, { hasSlowPromises });
      const client = Object.assign({}, ...loaded.map((script) => realm.load(script))) as WechatClient; // the scripts are those modules
      return { client, given: {} };
    },
  });
  const here: Realm = {
    name: "Node",
    start: ({ run }) => ({
      client: { ...source, ...httpSource, ...webSocketSource },
      given: { wx: run.wx, clock: run.app.clock },
    }),
  };
  return [here, phoneRealm("a phone", false), phoneRealm("a phone with slow promises", true)];
}

/** A phone whose time goes on by itself and can be skipped, with real networks. */
export function createPhone(
  options: { readonly account?: WechatAccount; readonly tellsOfCuts?: boolean } = {},
): FakeWx & { readonly clock: SkippingClock } {
  const clock = new SkippingClock();
  return Object.assign(createFakeWx({ clock, ...options }), { clock });
}

/** An account whose session the test can end. */
export class TestAccount implements WechatAccount {
  isValid = false;
  loginCount = 0;

  login(): string {
    this.isValid = true;
    return `code-${(this.loginCount += 1)}`;
  }

  userInfo(): never {
    throw new Error("nobody asks for it here");
  }

  isSessionValid(): boolean {
    return this.isValid;
  }
}
