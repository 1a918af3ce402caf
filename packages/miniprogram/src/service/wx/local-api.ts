import { isRecord } from "../../is-record.ts";
import { fromBase64, toBase64 } from "./binary.ts";
import { deliver } from "./results.ts";

/** Functions of `wx` that need neither the host nor a page. */
export function localApi(): Readonly<Record<string, unknown>> {
  const nothing = (): void => {};
  const quiet =
    (name: string, fields: object = {}) =>
    (args?: unknown) =>
      deliver(args, Promise.resolve({ ...fields, errMsg: `${name}:ok` }));
  const skyline = { isSupported: false, version: "", reason: "client not supported" };
  return {
    arrayBufferToBase64: toBase64,
    base64ToArrayBuffer: fromBase64,
    nextTick: (run: unknown) =>
      void Promise.resolve().then(() => (typeof run === "function" ? Reflect.apply(run, undefined, []) : undefined)),
    getUpdateManager: () => ({
      applyUpdate: nothing,
      onCheckForUpdate: answerLater,
      onUpdateReady: nothing,
      onUpdateFailed: nothing,
    }),
    getPerformance: () => ({
      now: () => 0,
      getEntries: () => [],
      createObserver: () => ({ observe: nothing, disconnect: nothing }),
    }),
    getLogManager: () => ({ debug: nothing, info: nothing, log: nothing, warn: nothing }),
    getRealtimeLogManager: () => ({
      info: nothing,
      warn: nothing,
      error: nothing,
      setFilterMsg: nothing,
      addFilterMsg: nothing,
    }),
    reportAnalytics: nothing,
    reportEvent: nothing,
    reportMonitor: nothing,
    reportPerformance: nothing,
    setEnableDebug: quiet("setEnableDebug"),
    enableAlertBeforeUnload: quiet("enableAlertBeforeUnload"),
    disableAlertBeforeUnload: quiet("disableAlertBeforeUnload"),
    loadFontFace: quiet("loadFontFace", { status: "loaded" }),
    requirePrivacyAuthorize: quiet("requirePrivacyAuthorize"),
    getPrivacySetting: quiet("getPrivacySetting", { needAuthorization: false, privacyContractName: "" }),
    openPrivacyContract: quiet("openPrivacyContract"),
    getExtConfig: quiet("getExtConfig", { extConfig: {} }),
    getSkylineInfo: quiet("getSkylineInfo", skyline),
    getSkylineInfoSync: () => skyline,
    setVisualEffectOnCapture: quiet("setVisualEffectOnCapture"),
    compressImage: (args: unknown) => {
      const tempFilePath = isRecord(args) ? args["src"] : undefined;
      return deliver(args, Promise.resolve({ tempFilePath, errMsg: "compressImage:ok" }));
    },
    preloadPage: nothing,
    preloadAssets: nothing,
  };
}

/** A runner has always the newest version of a project. */
function answerLater(listener: unknown): void {
  if (typeof listener === "function")
    void Promise.resolve().then(() => Reflect.apply(listener, undefined, [{ hasUpdate: false }]));
}
