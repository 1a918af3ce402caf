import { DEVICE_STYLE } from "./style/device.ts";
import { OVERLAYS_STYLE } from "./style/overlays.ts";
import { PANEL_STYLE } from "./style/panel.ts";
import { WORKBENCH_STYLE } from "./style/workbench.ts";

/** Looks of the page with the phone. The workbench comes last: it knows about narrow windows. */
export const PHONE_STYLE = DEVICE_STYLE + OVERLAYS_STYLE + PANEL_STYLE + WORKBENCH_STYLE;
