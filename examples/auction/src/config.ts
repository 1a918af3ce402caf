import { join, resolve } from "node:path";

/** What the operator decides, read from the environment. */
export interface Config {
  /** Address to bind to: `HOST`. @defaultValue `"127.0.0.1"` */
  readonly host: string;
  /** TCP port: `PORT`; 0 takes a free one. @defaultValue 4100 */
  readonly port: number;
  /** Folder for what must outlive the process: `HUTONG_DATA_DIR`. @defaultValue `./data/auction` */
  readonly dataFolder: string;
  /** `sqlite:` and a file, or `postgres://…`: `HUTONG_DATABASE_URL`. @defaultValue `auction.db` in the data folder */
  readonly databaseUrl: string;
}

/**
 * Reads the environment.
 *
 * @throws {RangeError} when the port is none.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty host would bind to every address of the machine.
  const given = (name: string): string | undefined => (environment[name] === "" ? undefined : environment[name]);
  const port = Number(given("PORT") ?? 4_100);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError(`PORT is "${given("PORT")}"; set a number from 0 to 65535`);
  const dataFolder = resolve(given("HUTONG_DATA_DIR") ?? join("data", "auction"));
  return {
    host: given("HOST") ?? "127.0.0.1",
    port,
    dataFolder,
    databaseUrl: given("HUTONG_DATABASE_URL") ?? `sqlite:${join(dataFolder, "auction.db")}`,
  };
}
