import { WechatWebSocket } from "@hutong/client/wechat-web-socket";
import { createFakeWx, SkippingClock } from "@hutong/testing";

/** The WebSocket of a mini-program, each on a phone of its own, for suites that take any WebSocket's constructor. */
export class PhoneWebSocket extends WechatWebSocket {
  constructor(url: string, protocols: string | readonly string[] = []) {
    const { wx } = createFakeWx({ clock: new SkippingClock() });
    super(url, protocols, { wx });
  }
}
