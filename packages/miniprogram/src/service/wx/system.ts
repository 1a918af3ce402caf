import type { Launch, SystemInfo } from "../launch.ts";
import { deliver } from "./results.ts";
import { USER_FOLDER } from "./user-files.ts";

/** Version of the base library whose behaviour the runner follows. */
export const SDK_VERSION = "3.6.0";

const CAPSULE = { width: 87, height: 32, right: 7, gap: 4 } as const;

/** Where the capsule is, in CSS pixels. The phone draws it there. */
export function capsuleRect({ screenWidth, statusBarHeight }: Pick<SystemInfo, "screenWidth" | "statusBarHeight">) {
  const right = screenWidth - CAPSULE.right;
  const top = statusBarHeight + CAPSULE.gap;
  return {
    width: CAPSULE.width,
    height: CAPSULE.height,
    top,
    right,
    bottom: top + CAPSULE.height,
    left: right - CAPSULE.width,
  };
}

/** APIs that only look at what the host told at the start. `current` follows changes such as the theme. */
export function systemApi(launch: Launch, current: () => SystemInfo): Readonly<Record<string, unknown>> {
  const sync = synchronous(launch, current);
  const later = (name: string, run: () => object) => (args?: unknown) =>
    deliver(args, Promise.resolve({ ...run(), errMsg: `${name}:ok` }));
  return {
    ...sync,
    getSystemInfo: later("getSystemInfo", sync.getSystemInfoSync),
    getSystemInfoAsync: later("getSystemInfoAsync", sync.getSystemInfoSync),
    env: { USER_DATA_PATH: USER_FOLDER },
    version: { version: SDK_VERSION },
  };
}

function synchronous(launch: Launch, current: () => SystemInfo) {
  const { options, project } = launch;
  const window = () => windowInfo(current());
  const device = () => {
    const { brand, model, system, platform } = current();
    return { brand, model, system, platform, abi: "arm64-v8a", benchmarkLevel: 50, memorySize: 8192, cpuType: "" };
  };
  const base = () => {
    const { SDKVersion, version, language, theme } = current();
    return {
      SDKVersion,
      version,
      language,
      theme,
      enableDebug: false,
      fontSizeSetting: 16,
      host: { env: "WeChat", appId: "" },
    };
  };
  const settings = () => ({
    bluetoothEnabled: true,
    locationEnabled: true,
    wifiEnabled: true,
    deviceOrientation: "portrait",
  });
  const allowed = "authorized";
  return {
    getWindowInfo: window,
    getDeviceInfo: device,
    getAppBaseInfo: base,
    getSystemSetting: settings,
    getSystemInfoSync: () => ({ ...device(), ...window(), ...base(), ...settings(), errMsg: "getSystemInfoSync:ok" }),
    getAppAuthorizeSetting: () => ({
      cameraAuthorized: allowed,
      microphoneAuthorized: allowed,
      albumAuthorized: allowed,
      locationAuthorized: allowed,
      notificationAuthorized: allowed,
    }),
    getMenuButtonBoundingClientRect: () => capsuleRect(current()),
    getAccountInfoSync: () => ({ miniProgram: { appId: project.config.appId, envVersion: "develop", version: "" } }),
    getLaunchOptionsSync: () => ({ ...options, referrerInfo: {} }),
    getEnterOptionsSync: () => ({ ...options, referrerInfo: {} }),
    getExtConfigSync: () => ({}),
    getBatteryInfoSync: () => ({ level: 100, isCharging: true }),
    getRendererUserAgent: () => Promise.resolve(""),
  };
}

function windowInfo(info: SystemInfo): object {
  const { pixelRatio, screenWidth, screenHeight, windowWidth, windowHeight, statusBarHeight, bottomInset } = info;
  const bottom = screenHeight - bottomInset;
  return {
    ...{ pixelRatio, screenWidth, screenHeight, windowWidth, windowHeight, statusBarHeight },
    screenTop: screenHeight - windowHeight,
    safeArea: {
      left: 0,
      right: screenWidth,
      top: statusBarHeight,
      bottom,
      width: screenWidth,
      height: bottom - statusBarHeight,
    },
  };
}
