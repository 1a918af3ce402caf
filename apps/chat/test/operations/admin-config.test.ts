import { describe, expect, test } from "vitest";
import { readConfig, StartError } from "../../src/config.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

describe("who may look inside", () => {
  test.each(["127.0.0.1", "127.1.2.3", "::1", "localhost"])(
    "on %s the inspector is on, and asks for nothing",
    (host) => {
      expect(readConfig({ HOST: host }).admin).toEqual({ hasInspector: true, token: undefined });
    },
  );

  test("in production it is off", () => {
    expect(readConfig({ NODE_ENV: "production" }).admin.hasInspector).toBe(false);
  });

  test.each([{ HUTONG_PUBLIC_URL: "https://chat.example.com" }, { HUTONG_TRUSTED_PROXIES: "127.0.0.1" }])(
    "with %j it is off, and so is the phone: behind a proxy everybody comes from this machine",
    (variables) => {
      const { admin, hasPhone } = readConfig(variables);

      expect([admin.hasInspector, hasPhone]).toEqual([false, false]);
    },
  );

  test.each(["0.0.0.0", "::", "192.168.1.2", "127.0.0.1.example.com", "chat.example.com"])(
    "on %s it is off",
    (host) => {
      expect(readConfig({ HOST: host }).admin.hasInspector).toBe(false);
    },
  );

  test("it can be turned off, and with a token it can be turned on anywhere", () => {
    expect(readConfig({ HUTONG_INSPECTOR: "off" }).admin.hasInspector).toBe(false);
    expect(readConfig({ HOST: "0.0.0.0", HUTONG_INSPECTOR: "on", HUTONG_ADMIN_TOKEN: TOKEN }).admin).toEqual({
      hasInspector: true,
      token: TOKEN,
    });
  });

  test("it cannot be open to everyone", () => {
    expect(() => readConfig({ HOST: "0.0.0.0", HUTONG_INSPECTOR: "on" })).toThrow(
      new StartError(`HUTONG_INSPECTOR is on and HOST is "0.0.0.0", set HUTONG_ADMIN_TOKEN.`),
    );
  });

  test.each(["", TOKEN.slice(1), `${TOKEN} `, `${TOKEN}\n`, `${TOKEN}密`])(
    "the admin token %j is refused, and not shown",
    (token) => {
      expect(() => readConfig({ HUTONG_ADMIN_TOKEN: token })).toThrow(
        new StartError("HUTONG_ADMIN_TOKEN is no token, set 32 or more letters and digits, without spaces."),
      );
    },
  );

  test.each([
    ["HUTONG_INSPECTOR", "yes", `HUTONG_INSPECTOR is "yes", set on or off.`],
    ["HUTONG_LOG_LEVEL", "loud", `HUTONG_LOG_LEVEL is "loud", set debug, info, warn, error or silent.`],
    ["HUTONG_DRAIN_DELAY_MS", "60001", `HUTONG_DRAIN_DELAY_MS is "60001", set a number from 0 to 60000.`],
    ["HUTONG_DRAIN_DELAY_MS", "5s", `HUTONG_DRAIN_DELAY_MS is "5s", set a number from 0 to 60000.`],
  ])("%s=%s is refused with its values", (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(new StartError(message));
  });
});
