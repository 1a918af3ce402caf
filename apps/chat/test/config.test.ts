import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig, StartError } from "../src/config.ts";

describe("readConfig", () => {
  test("an empty environment gives the defaults", () => {
    expect(readConfig({})).toEqual({
      host: "127.0.0.1",
      port: 4000,
      dataFolder: resolve("data"),
      pageFolder: resolve(import.meta.dirname, "../../web/dist"),
      origins: [],
      logLevel: "info",
      drainDelayMs: 0,
      admin: { hasInspector: true, token: undefined },
    });
  });

  test("every variable is read", () => {
    const config = readConfig({
      HOST: "0.0.0.0",
      PORT: "0",
      HUTONG_DATA_DIR: "/srv/data",
      HUTONG_PAGE_DIR: "/srv/page",
      HUTONG_ORIGINS: "https://example.com, //*.example.org,http://localhost:5173,",
      HUTONG_LOG_LEVEL: "debug",
      HUTONG_DRAIN_DELAY_MS: "5000",
      HUTONG_INSPECTOR: "on",
      HUTONG_ADMIN_TOKEN: "0123456789abcdef0123456789abcdef",
    });

    expect(config).toEqual({
      host: "0.0.0.0",
      port: 0,
      dataFolder: "/srv/data",
      pageFolder: "/srv/page",
      origins: ["https://example.com", "//*.example.org", "http://localhost:5173"],
      logLevel: "debug",
      drainDelayMs: 5_000,
      admin: { hasInspector: true, token: "0123456789abcdef0123456789abcdef" },
    });
  });

  test.each(["0", "1", "80", "65535"])("the port %s is taken", (port) => {
    expect(readConfig({ PORT: port }).port).toBe(Number(port));
  });

  test.each(["", " ", "http", "-1", "65536", "99999", "4000.5", "4e3", "0x10", "4000 ", "Infinity", "NaN"])(
    "the port %j is refused with its name, value and range",
    (port) => {
      expect(() => readConfig({ PORT: port })).toThrow(
        new StartError(`PORT is "${port}", set a number from 0 to 65535.`),
      );
    },
  );

  test.each(["example.com", "localhost:5173", "*", "ftp://example.com", "https://", "//", "null", "https:example.com"])(
    "the origin %j is refused with its name, value and form",
    (origin) => {
      expect(() => readConfig({ HUTONG_ORIGINS: origin })).toThrow(
        new StartError(`HUTONG_ORIGINS has "${origin}", write https://example.com or //example.com.`),
      );
    },
  );

  test.each([
    ["HOST", `HOST is "", set an address, for example 127.0.0.1.`],
    ["HUTONG_DATA_DIR", `HUTONG_DATA_DIR is "", set a folder.`],
    ["HUTONG_PAGE_DIR", `HUTONG_PAGE_DIR is "", set a folder.`],
  ])("%s is refused when it is empty", (name, message) => {
    expect(() => readConfig({ [name]: "" })).toThrow(new StartError(message));
  });

  test("all problems are told at once", () => {
    expect(() => readConfig({ PORT: "http", HUTONG_ORIGINS: "a,https://example.com,b" })).toThrow(
      new StartError(
        `PORT is "http", set a number from 0 to 65535; ` +
          `HUTONG_ORIGINS has "a", write https://example.com or //example.com; ` +
          `HUTONG_ORIGINS has "b", write https://example.com or //example.com.`,
      ),
    );
  });
});
