import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type AdminConfig, readAdminConfig } from "./operations/admin-config.ts";
import { LOG_LEVELS, type LogLevel } from "./operations/log.ts";

/** What the operator decides, read from the environment. */
export interface Config {
  /** Address to bind to: `HOST`. @defaultValue `"127.0.0.1"` */
  readonly host: string;
  /** TCP port: `PORT`; 0 takes a free one. @defaultValue 4000 */
  readonly port: number;
  /** Folder for what must outlive the process: `HUTONG_DATA_DIR`. @defaultValue `./data` */
  readonly dataFolder: string;
  /** Folder of the built page: `HUTONG_PAGE_DIR`. @defaultValue where `apps/web` is built */
  readonly pageFolder: string;
  /** Pages that may connect beside our own, as a comma-separated list: `HUTONG_ORIGINS`. @defaultValue none */
  readonly origins: readonly string[];
  /** How much is logged: `HUTONG_LOG_LEVEL`. @defaultValue `"info"` */
  readonly logLevel: LogLevel;
  /** Time from the first "not ready" to the end of listening, in milliseconds: `HUTONG_DRAIN_DELAY_MS`. @defaultValue 0 */
  readonly drainDelayMs: number;
  /** Who may look inside: `HUTONG_INSPECTOR` and `HUTONG_ADMIN_TOKEN`. */
  readonly admin: AdminConfig;
}

/** The start cannot go on; the message is one sentence that says what, where and how to mend it. */
export class StartError extends Error {
  override readonly name = "StartError";
}

type Environment = Readonly<Record<string, string | undefined>>;

const PAGE_FOLDER = fileURLToPath(new URL("../../web/dist", import.meta.url));

/**
 * Reads the environment.
 *
 * @throws {StartError} that names every variable that is wrong.
 */
export function readConfig(environment: Environment): Config {
  const { HOST: host = "127.0.0.1", PORT: port = "4000", HUTONG_DATA_DIR: dataFolder = "data" } = environment;
  const { HUTONG_PAGE_DIR: pageFolder = PAGE_FOLDER, HUTONG_ORIGINS: list = "" } = environment;
  const { HUTONG_LOG_LEVEL: level = "info", HUTONG_DRAIN_DELAY_MS: drainDelay = "0" } = environment;
  const logLevel = LOG_LEVELS.find((name) => name === level);
  const admin = readAdminConfig(environment, host);
  const origins = list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const problems = [
    // An empty host would bind to every address of the machine, an empty folder would be the working directory.
    ...(host === "" ? [`HOST is "", set an address, for example 127.0.0.1`] : []),
    ...(isPort(port) ? [] : [`PORT is "${port}", set a number from 0 to 65535`]),
    ...(dataFolder === "" ? [`HUTONG_DATA_DIR is "", set a folder`] : []),
    ...(pageFolder === "" ? [`HUTONG_PAGE_DIR is "", set a folder`] : []),
    ...origins
      .filter((origin) => !isOriginRule(origin))
      .map((origin) => `HUTONG_ORIGINS has "${origin}", write https://example.com or //example.com`),
    ...(logLevel !== undefined ? [] : [`HUTONG_LOG_LEVEL is "${level}", set ${LOG_LEVELS.join(", ")}`]),
    ...(isDelay(drainDelay) ? [] : [`HUTONG_DRAIN_DELAY_MS is "${drainDelay}", set a number from 0 to 60000`]),
    ...admin.problems,
  ];
  if (problems.length > 0 || logLevel === undefined) throw new StartError(`${problems.join("; ")}.`);
  const folders = { dataFolder: resolve(dataFolder), pageFolder: resolve(pageFolder) };
  const operations = { logLevel, drainDelayMs: Number(drainDelay), admin: admin.config };
  return Object.freeze({ host, port: Number(port), ...folders, origins, ...operations });
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function isDelay(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 60_000;
}

function isOriginRule(rule: string): boolean {
  return /^(https?:)?\/\//.test(rule) && URL.canParse(rule.replace(/^\/\//, "http://").replace("//*.", "//"));
}
