import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig, StartError } from "../src/config.ts";

describe("readConfig", () => {
  test("an empty environment gives the defaults", () => {
    expect(readConfig({})).toEqual({
      host: "127.0.0.1",
      port: 4000,
      publicUrl: undefined,
      dataFolder: resolve("data"),
      databaseUrl: `sqlite:${resolve("data/chat.db")}`,
      filesUrl: undefined,
      pageFolder: resolve(import.meta.dirname, "../../web/dist"),
      origins: [],
      trustedProxies: [],
      logLevel: "info",
      drainDelayMs: 0,
      loginPolicy: "one_per_platform",
      sendsPerSecond: 5,
      recallWindowMs: 120_000,
      editWindowMs: 900_000,
      rooms: "durable",
      roomRetentionDays: 30,
      hasPhone: true,
      admin: { hasInspector: true, token: undefined },
      unknownVariables: [],
    });
  });

  test("every variable is read", () => {
    const config = readConfig({
      HOST: "0.0.0.0",
      PORT: "0",
      HUTONG_PUBLIC_URL: "https://chat.example.com",
      HUTONG_DATA_DIR: "/srv/data",
      HUTONG_DATABASE_URL: "postgres://127.0.0.1/chat",
      HUTONG_FILES_URL: "s3://key:secret@127.0.0.1/bucket",
      HUTONG_PAGE_DIR: "/srv/page",
      HUTONG_ORIGINS: "https://example.com, //*.example.org,http://localhost:5173,",
      HUTONG_TRUSTED_PROXIES: "10.0.0.0/8, ::1",
      HUTONG_LOG_LEVEL: "debug",
      HUTONG_DRAIN_DELAY_MS: "5000",
      HUTONG_LOGIN_POLICY: "one",
      HUTONG_SENDS_PER_SECOND: "20",
      HUTONG_RECALL_SECONDS: "300",
      HUTONG_EDIT_SECONDS: "0",
      HUTONG_ROOMS: "memory",
      HUTONG_ROOM_RETENTION_DAYS: "7",
      HUTONG_PHONE: "off",
      HUTONG_INSPECTOR: "on",
      HUTONG_ADMIN_TOKEN: "0123456789abcdef0123456789abcdef",
    });

    expect(config).toEqual({
      host: "0.0.0.0",
      port: 0,
      publicUrl: "https://chat.example.com",
      dataFolder: "/srv/data",
      databaseUrl: "postgres://127.0.0.1/chat",
      filesUrl: "s3://key:secret@127.0.0.1/bucket",
      pageFolder: "/srv/page",
      origins: ["https://example.com", "//*.example.org", "http://localhost:5173"],
      trustedProxies: ["10.0.0.0/8", "::1"],
      logLevel: "debug",
      drainDelayMs: 5_000,
      loginPolicy: "one",
      sendsPerSecond: 20,
      recallWindowMs: 300_000,
      editWindowMs: 0,
      rooms: "memory",
      roomRetentionDays: 7,
      hasPhone: false,
      admin: { hasInspector: true, token: "0123456789abcdef0123456789abcdef" },
      unknownVariables: [],
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
    ["HUTONG_PUBLIC_URL", "chat.example.com", "write https://example.com without a path"],
    ["HUTONG_PUBLIC_URL", "https://example.com/chat", "write https://example.com without a path"],
    ["HUTONG_PUBLIC_URL", "https://example.com?chat", "write https://example.com without a path"],
    ["HUTONG_PUBLIC_URL", "https://exam ple.com", "write https://example.com without a path"],
    ["HUTONG_PUBLIC_URL", "https://me@example.com", "write https://example.com without a path"],
    ["HUTONG_PUBLIC_URL", "https://example.com:http", "write https://example.com without a path"],
    ["HUTONG_LOGIN_POLICY", "two", "set all, one_per_platform or one"],
    ["HUTONG_ROOMS", "yes", "set durable or memory"],
    ["HUTONG_RECALL_SECONDS", "-1", "set a number from 0 to 31536000"],
    ["HUTONG_ROOM_RETENTION_DAYS", "0", "set a number from 1 to 3650"],
  ])("%s is refused when it is %s", (name, value, remedy) => {
    expect(() => readConfig({ [name]: value })).toThrow(new StartError(`${name} is "${value}", ${remedy}.`));
  });

  test.each(["mysql://me:password@127.0.0.1/chat", "chat.db", "sqlite:", "postgres://127.0.0.1:port/chat"])(
    "the database %s is refused without repeating it",
    (url) => {
      expect(() => readConfig({ HUTONG_DATABASE_URL: url })).toThrow(
        new StartError(
          "HUTONG_DATABASE_URL cannot be used, write sqlite:path/to/file or postgres://user:password@host/name.",
        ),
      );
    },
  );

  test.each([
    [{}, true],
    [{ HOST: "0.0.0.0" }, false],
    [{ NODE_ENV: "production" }, false],
    [{ NODE_ENV: "production", HUTONG_PHONE: "on" }, true],
  ])("with %j the phone is there: %s", (environment, hasPhone) => {
    expect(readConfig(environment).hasPhone).toBe(hasPhone);
  });

  test.each(["proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::1/129"])(
    "the proxy %s, which is no address and no network, is refused",
    (proxy) => {
      expect(() => readConfig({ HUTONG_TRUSTED_PROXIES: `10.0.0.1,${proxy}` })).toThrow(
        new StartError(`HUTONG_TRUSTED_PROXIES has "${proxy}", write 10.0.0.1 or 10.0.0.0/8.`),
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

  test("variables that begin with HUTONG_ and mean nothing are named, for they are misspelt", () => {
    const { unknownVariables } = readConfig({
      HUTONG_DATABSE_URL: "postgres://127.0.0.1/chat",
      HUTONG_PORT: "8080",
      HUTONG_: "",
      hutong_rooms: "memory",
      CHAT_PORT: "1",
    });

    expect(unknownVariables).toEqual(["HUTONG_", "HUTONG_DATABSE_URL", "HUTONG_PORT"]);
  });

  test("what an orchestrator says of services called hutong, and what suites read, is not taken for misspelt", () => {
    const { unknownVariables } = readConfig({
      HUTONG_PORT: "tcp://10.0.0.1:4000",
      HUTONG_PORT_4000_TCP: "tcp://10.0.0.1:4000",
      HUTONG_PORT_4000_TCP_PROTO: "tcp",
      HUTONG_PORT_4000_TCP_PORT: "4000",
      HUTONG_PORT_4000_TCP_ADDR: "10.0.0.1",
      HUTONG_SERVICE_HOST: "10.0.0.1",
      HUTONG_SERVICE_PORT: "4000",
      HUTONG_SERVICE_PORT_HTTP: "4000",
      HUTONG_REDIS_SERVICE_HOST: "10.0.0.2",
      HUTONG_REDIS_PORT: "tcp://10.0.0.2:6379",
      HUTONG_TEST_POSTGRES_URL: "postgres://127.0.0.1/postgres",
    });

    expect(unknownVariables).toEqual([]);
  });
});
