import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoginPolicy } from "./accounts/account-options.ts";
import { type Environment, EnvironmentReader } from "./environment.ts";
import { type AdminConfig, isForDevelopment, readAdminConfig } from "./operations/admin-config.ts";
import { LOG_LEVELS, type LogLevel } from "./operations/log.ts";
import { readWechatConfig, type WechatConfig } from "./wechat/wechat-config.ts";

/** What the operator decides, read from the environment. */
export interface Config {
  /** Address to bind to: `HOST`. @defaultValue `"127.0.0.1"` */
  readonly host: string;
  /** TCP port: `PORT`; 0 takes a free one. @defaultValue 4000 */
  readonly port: number;
  /** Where people reach the chat, for links and QR codes: `HUTONG_PUBLIC_URL`. @defaultValue the address it listens on */
  readonly publicUrl: string | undefined;
  /** Folder for what must outlive the process: `HUTONG_DATA_DIR`. @defaultValue `./data` */
  readonly dataFolder: string;
  /** `sqlite:` and a file, or `postgres://…`: `HUTONG_DATABASE_URL`. @defaultValue `chat.db` in the data folder */
  readonly databaseUrl: string;
  /** `s3://…`, where files are kept elsewhere: `HUTONG_FILES_URL`. @defaultValue the folder `files` of the data folder */
  readonly filesUrl: string | undefined;
  /** Folder of the built page: `HUTONG_PAGE_DIR`. @defaultValue where `apps/web` is built */
  readonly pageFolder: string;
  /** Pages that may connect beside our own, as a comma-separated list: `HUTONG_ORIGINS`. @defaultValue none */
  readonly origins: readonly string[];
  /** Proxies whose word about a client's address is taken, addresses or networks: `HUTONG_TRUSTED_PROXIES`. @defaultValue none */
  readonly trustedProxies: readonly string[];
  /** How much is logged: `HUTONG_LOG_LEVEL`. @defaultValue `"info"` */
  readonly logLevel: LogLevel;
  /** Time from the first "not ready" to the end of listening, in milliseconds: `HUTONG_DRAIN_DELAY_MS`. @defaultValue 0 */
  readonly drainDelayMs: number;
  /** On how many devices one account may be signed in: `HUTONG_LOGIN_POLICY`. @defaultValue `"one_per_platform"` */
  readonly loginPolicy: LoginPolicy;
  /** Messages of one sender in the long run; four times as many may come at once: `HUTONG_SENDS_PER_SECOND`. @defaultValue 5 */
  readonly sendsPerSecond: number;
  /** How long a message can be recalled, in milliseconds: `HUTONG_RECALL_SECONDS`. @defaultValue 2 minutes */
  readonly recallWindowMs: number;
  /** How long a message can be edited, in milliseconds; 0 is never: `HUTONG_EDIT_SECONDS`. @defaultValue 15 minutes */
  readonly editWindowMs: number;
  /** Whether what is said in rooms is stored: `HUTONG_ROOMS`. @defaultValue `"durable"` */
  readonly rooms: "durable" | "memory";
  /** How long it is stored, in days: `HUTONG_ROOM_RETENTION_DAYS`. @defaultValue 30 */
  readonly roomRetentionDays: number;
  /**
   * The mini-program that people come by: `HUTONG_WECHAT_APP_ID`, `HUTONG_WECHAT_SECRET`, `HUTONG_WECHAT_API_URL`,
   * `HUTONG_WECHAT_PUSH_TOKEN`, `HUTONG_WECHAT_MODERATION` and `HUTONG_WECHAT_NOTICE`. @defaultValue none
   */
  readonly wechat: WechatConfig | undefined;
  /** Whether the mini-program is shown at `/phone`: `HUTONG_PHONE`. @defaultValue on for development on a loopback address */
  readonly hasPhone: boolean;
  /** Who may look inside: `HUTONG_INSPECTOR` and `HUTONG_ADMIN_TOKEN`. */
  readonly admin: AdminConfig;
  /** Variables that begin with `HUTONG_` and mean nothing. */
  readonly unknownVariables: readonly string[];
}

/** The start cannot go on; the message is one sentence that says what, where and how to mend it. */
export class StartError extends Error {
  override readonly name = "StartError";
}

const DEFAULT_ROOM_RETENTION_DAYS = 30;
const PAGE_FOLDER = fileURLToPath(new URL("../../web/dist", import.meta.url));

/**
 * Reads the environment.
 *
 * @throws {StartError} that names every variable that is wrong.
 */
export function readConfig(environment: Environment): Config {
  const reader = new EnvironmentReader(environment);
  // An empty host would bind to every address of the machine, an empty folder would be the working directory.
  const host = reader.text("HOST", "127.0.0.1", "set an address, for example 127.0.0.1");
  const port = reader.integer("PORT", { min: 0, max: 65_535, otherwise: 4_000 });
  const dataFolder = resolve(reader.text("HUTONG_DATA_DIR", "data", "set a folder"));
  const config: Config = {
    host,
    port,
    publicUrl: readPublicUrl(reader),
    dataFolder,
    databaseUrl: readDatabaseUrl(reader) ?? `sqlite:${join(dataFolder, "chat.db")}`,
    filesUrl: reader.optional("HUTONG_FILES_URL"),
    pageFolder: resolve(reader.text("HUTONG_PAGE_DIR", PAGE_FOLDER, "set a folder")),
    origins: reader.list("HUTONG_ORIGINS", isOriginRule, "write https://example.com or //example.com"),
    trustedProxies: reader.list("HUTONG_TRUSTED_PROXIES", isNetwork, "write 10.0.0.1 or 10.0.0.0/8"),
    logLevel: reader.choice("HUTONG_LOG_LEVEL", LOG_LEVELS, "info"),
    drainDelayMs: reader.integer("HUTONG_DRAIN_DELAY_MS", { min: 0, max: 60_000, otherwise: 0 }),
    loginPolicy: reader.choice("HUTONG_LOGIN_POLICY", ["all", "one_per_platform", "one"], "one_per_platform"),
    sendsPerSecond: reader.integer("HUTONG_SENDS_PER_SECOND", { min: 1, max: 10_000, otherwise: 5 }),
    recallWindowMs: 1_000 * reader.integer("HUTONG_RECALL_SECONDS", { min: 0, max: 31_536_000, otherwise: 120 }),
    editWindowMs: 1_000 * reader.integer("HUTONG_EDIT_SECONDS", { min: 0, max: 31_536_000, otherwise: 900 }),
    rooms: reader.choice("HUTONG_ROOMS", ["durable", "memory"], "durable"),
    roomRetentionDays: reader.integer("HUTONG_ROOM_RETENTION_DAYS", {
      min: 1,
      max: 3_650,
      otherwise: DEFAULT_ROOM_RETENTION_DAYS,
    }),
    wechat: readWechatConfig(reader),
    hasPhone: reader.isOn("HUTONG_PHONE", isForDevelopment(reader, host)),
    admin: readAdminConfig(reader, host),
    // When all others have been read.
    unknownVariables: reader.unread(),
  };
  if (reader.problems.length > 0) throw new StartError(`${reader.problems.join("; ")}.`);
  return Object.freeze(config);
}

function readPublicUrl(reader: EnvironmentReader): string | undefined {
  const text = reader.optional("HUTONG_PUBLIC_URL");
  if (text === undefined || (/^https?:\/\/[^/?#@\s]+$/.test(text) && URL.canParse(text))) return text;
  reader.problems.push(`HUTONG_PUBLIC_URL is "${text}", write https://example.com without a path`);
  return undefined;
}

/** The text may hold a password, so it is not repeated. */
function readDatabaseUrl(reader: EnvironmentReader): string | undefined {
  const text = reader.optional("HUTONG_DATABASE_URL");
  const isGood =
    text === undefined || /^sqlite:./.test(text) || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text));
  if (!isGood)
    reader.problems.push(
      "HUTONG_DATABASE_URL cannot be used, write sqlite:path/to/file or postgres://user:password@host/name",
    );
  return text;
}

function isOriginRule(rule: string): boolean {
  return /^(https?:)?\/\//.test(rule) && URL.canParse(rule.replace(/^\/\//, "http://").replace("//*.", "//"));
}

function isNetwork(entry: string): boolean {
  const [address = "", prefix = "0", ...rest] = entry.split("/");
  const longest = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest && rest.length === 0;
}
