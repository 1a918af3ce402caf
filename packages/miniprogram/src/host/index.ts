export { type DevServer, type DevServerOptions, startDevServer } from "./dev-server.ts";
export { type HeadlessApp, type HeadlessOptions, type HeadlessPage, openHeadless } from "./headless-app.ts";
export { HeadlessNode } from "./headless-node.ts";
export { HeadlessView } from "./headless-view.ts";
export type { RunState } from "./life-cycle.ts";
export { MiniProgram, type MiniProgramOptions } from "./mini-program.ts";
export { ProjectFolder } from "./project-folder.ts";
export { createRunner, Runner, type RunnerOptions } from "./runner.ts";
export { type UserInfo, type WechatAccount, WechatAccounts } from "./wechat-accounts.ts";
