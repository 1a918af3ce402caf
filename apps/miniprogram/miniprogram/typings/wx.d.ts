// The part of WeChat's global scope that this project uses, in its own words.

declare interface WxFailure {
  readonly errMsg: string;
}

declare interface WxCallbacks<TResult = object> {
  success?(result: TResult): void;
  fail?(failure: WxFailure): void;
  complete?(): void;
}

declare interface WxSocketTask {
  send(options: { readonly data: string } & WxCallbacks): void;
  close(options?: { readonly code?: number; readonly reason?: string } & WxCallbacks): void;
  onOpen(handler: () => void): void;
  onMessage(handler: (message: { readonly data: string | ArrayBuffer }) => void): void;
  onClose(handler: (close: { readonly code: number; readonly reason: string }) => void): void;
  onError(handler: (failure: WxFailure) => void): void;
}

declare interface WxRecorder {
  start(options: { readonly duration: number; readonly format: string }): void;
  stop(): void;
  onStart(handler: () => void): void;
  onStop(handler: (result: { readonly tempFilePath: string; readonly duration?: number }) => void): void;
  onError(handler: (failure: WxFailure) => void): void;
}

declare interface WxSound {
  src: string;
  play(): void;
  stop(): void;
  destroy(): void;
  onEnded(handler: () => void): void;
  onStop(handler: () => void): void;
  onError(handler: () => void): void;
}

declare const wx: {
  readonly env: { readonly USER_DATA_PATH: string };
  login(options: WxCallbacks<{ readonly code: string }>): void;
  getAppBaseInfo(): { readonly language: string };
  getDeviceInfo(): { readonly model: string };
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: string): void;
  request(
    options: {
      readonly url: string;
      readonly method?: "GET" | "POST";
      readonly header?: Readonly<Record<string, string>>;
      readonly data?: string;
    } & WxCallbacks<{ readonly statusCode: number; readonly data: unknown }>,
  ): void;
  downloadFile(
    options: {
      readonly url: string;
      readonly header?: Readonly<Record<string, string>>;
    } & WxCallbacks<{ readonly statusCode: number; readonly tempFilePath: string }>,
  ): void;
  connectSocket(
    options: {
      readonly url: string;
      readonly header?: Readonly<Record<string, string>>;
    } & WxCallbacks,
  ): WxSocketTask;
  chooseMedia(
    options: {
      readonly count: number;
      readonly mediaType: readonly string[];
      readonly sizeType: readonly string[];
    } & WxCallbacks<{ readonly tempFiles: readonly { readonly tempFilePath: string }[] }>,
  ): void;
  getImageInfo(
    options: {
      readonly src: string;
    } & WxCallbacks<{ readonly width: number; readonly height: number }>,
  ): void;
  previewImage(options: { readonly urls: readonly string[]; readonly current?: string }): void;
  getFileSystemManager(): {
    copyFile(options: { readonly srcPath: string; readonly destPath: string } & WxCallbacks): void;
    unlink(options: { readonly filePath: string } & WxCallbacks): void;
  };
  getRecorderManager(): WxRecorder;
  createInnerAudioContext(): WxSound;
  scanCode(options: WxCallbacks<{ readonly result: string; readonly path?: string }>): void;
  setClipboardData(options: { readonly data: string } & WxCallbacks): void;
  vibrateShort(options: { readonly type: string } & WxCallbacks): void;
  nextTick(run: () => void): void;
  showToast(options: { readonly title: string; readonly icon?: string; readonly duration?: number }): void;
  showModal(
    options: {
      readonly title: string;
      readonly content?: string;
      readonly editable?: boolean;
      readonly placeholderText?: string;
      readonly confirmText?: string;
      readonly cancelText?: string;
    } & WxCallbacks<{ readonly confirm: boolean; readonly content?: string }>,
  ): void;
  showActionSheet(
    options: {
      readonly itemList: readonly string[];
    } & WxCallbacks<{ readonly tapIndex: number }>,
  ): void;
  setNavigationBarTitle(options: { readonly title: string }): void;
  setTabBarItem(options: { readonly index: number; readonly text: string } & WxCallbacks): void;
  setTabBarBadge(options: { readonly index: number; readonly text: string } & WxCallbacks): void;
  removeTabBarBadge(options: { readonly index: number } & WxCallbacks): void;
  navigateTo(options: { readonly url: string } & WxCallbacks): void;
  redirectTo(options: { readonly url: string } & WxCallbacks): void;
  navigateBack(options?: { readonly delta?: number } & WxCallbacks): void;
  switchTab(options: { readonly url: string } & WxCallbacks): void;
  reLaunch(options: { readonly url: string } & WxCallbacks): void;
  stopPullDownRefresh(): void;
};

/** An event of a view; `detail` depends on the element. */
declare interface WxEvent<TDetail = Readonly<Record<string, unknown>>> {
  readonly detail: TDetail;
  readonly currentTarget: { readonly dataset: Readonly<Record<string, unknown>> };
  readonly touches?: readonly { readonly clientY: number }[];
}

/** What a page or a component of this project has beside its own methods. */
declare interface WxInstance<TData> {
  readonly data: TData;
  setData(patch: Readonly<Record<string, unknown>>, done?: () => void): void;
}

declare interface WxPageLife {
  onLoad?(query: Readonly<Record<string, string | undefined>>): void;
  onShow?(): void;
  onReady?(): void;
  onHide?(): void;
  onUnload?(): void;
  onPullDownRefresh?(): void;
  onReachBottom?(): void;
  onShareAppMessage?(): { readonly title: string; readonly path: string };
}

declare interface WxComponentLife {
  attached?(): void;
  detached?(): void;
}

declare function App(options: { onLaunch?(): void; onShow?(): void; onHide?(): void }): void;

declare function Page<TData extends object, TCustom extends object>(
  options: TCustom & { readonly data: TData } & WxPageLife & ThisType<WxInstance<TData> & TCustom>,
): void;

declare function Component<TData extends object, TProperties extends object, TMethods extends object>(options: {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly properties?: TProperties;
  readonly data?: TData;
  readonly lifetimes?: WxComponentLife & ThisType<WxComponentInstance<TData, TProperties> & TMethods>;
  readonly pageLifetimes?: { show?(): void; hide?(): void } & ThisType<
    WxComponentInstance<TData, TProperties> & TMethods
  >;
  readonly observers?: Readonly<Record<string, (value: never) => void>> &
    ThisType<WxComponentInstance<TData, TProperties> & TMethods>;
  readonly methods?: TMethods & ThisType<WxComponentInstance<TData, TProperties> & TMethods>;
}): void;

/** The values that properties of a component hold. */
declare type WxPropertyValues<TProperties> = {
  readonly [TName in keyof TProperties]: TProperties[TName] extends StringConstructor
    ? string
    : TProperties[TName] extends NumberConstructor
      ? number
      : TProperties[TName] extends BooleanConstructor
        ? boolean
        : unknown;
};

declare interface WxComponentInstance<TData, TProperties> extends WxInstance<TData & WxPropertyValues<TProperties>> {
  triggerEvent(name: string, detail?: object): void;
  createSelectorQuery(): WxSelectorQuery;
}

declare interface WxSelectorQuery {
  select(selector: string): {
    boundingClientRect(done: (rect: { readonly height: number } | null) => void): WxSelectorQuery;
  };
  exec(): void;
}
