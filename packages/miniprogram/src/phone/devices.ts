/** A phone that can be shown. Lengths are in CSS pixels. */
export interface PhoneModel {
  /** Name of the model. */
  readonly model: string;
  /** Of the screen, in CSS pixels. */
  readonly width: number;
  /** Of the screen, in CSS pixels. */
  readonly height: number;
  /** Pixels of the screen for one CSS pixel. */
  readonly pixelRatio: number;
  /** In CSS pixels. */
  readonly statusBarHeight: number;
  /** Height that is kept free at the bottom, in CSS pixels. */
  readonly bottomInset: number;
}

/** The phones to choose from; the first one is shown first. */
export const PHONE_MODELS: readonly [PhoneModel, ...PhoneModel[]] = [
  { model: "iPhone 12/13 (Pro)", width: 390, height: 844, pixelRatio: 3, statusBarHeight: 47, bottomInset: 34 },
  { model: "iPhone 15 Pro Max", width: 430, height: 932, pixelRatio: 3, statusBarHeight: 54, bottomInset: 34 },
  { model: "iPhone SE", width: 375, height: 667, pixelRatio: 2, statusBarHeight: 20, bottomInset: 0 },
  { model: "iPhone 5", width: 320, height: 568, pixelRatio: 2, statusBarHeight: 20, bottomInset: 0 },
  { model: "Pixel 7", width: 412, height: 915, pixelRatio: 2.6, statusBarHeight: 32, bottomInset: 16 },
];
