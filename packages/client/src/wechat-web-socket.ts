export type { Clock } from "./clock.ts";
export {
  WechatWebSocket,
  type WechatWebSocketEvent,
  type WechatWebSocketListener,
  type WechatWebSocketOptions,
} from "./wechat/wechat-web-socket.ts";
export type { Wx } from "./wechat/wx.ts";
