import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";

const DEFAULTS = {
  host: "127.0.0.1",
  port: 4_100,
  dataFolder: join(process.cwd(), "data", "auction"),
  databaseUrl: `sqlite:${join(process.cwd(), "data", "auction", "auction.db")}`,
};

test("nothing is required, and what is empty is not there: an empty host would be every address of the machine", () => {
  expect(readConfig({})).toEqual(DEFAULTS);
  expect(readConfig({ HOST: "", PORT: "", HUTONG_DATA_DIR: "", HUTONG_DATABASE_URL: "" })).toEqual(DEFAULTS);
});

test("every variable is read", () => {
  const url = "postgres://127.0.0.1/auction";

  expect(readConfig({ HOST: "::1", PORT: "0", HUTONG_DATA_DIR: "/srv/auction", HUTONG_DATABASE_URL: url })).toEqual({
    host: "::1",
    port: 0,
    dataFolder: "/srv/auction",
    databaseUrl: url,
  });
});

test.each(["-1", "65536", "4.1", "http"])("the port %s is refused", (port) => {
  expect(() => readConfig({ PORT: port })).toThrow(`PORT is "${port}"; set a number from 0 to 65535`);
});
