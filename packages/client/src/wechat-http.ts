export { createLogin, type LoginOptions, type WechatLogin } from "./wechat/login.ts";
export { sendRequest, type WechatRequest, type WechatResponse } from "./wechat/request.ts";
export { type UploadTask, uploadFile, type WechatUpload } from "./wechat/upload.ts";
export { WECHAT_ERROR_CODES, WechatError, type WechatErrorCode } from "./wechat/wechat-error.ts";
export type { Wx } from "./wechat/wx.ts";
