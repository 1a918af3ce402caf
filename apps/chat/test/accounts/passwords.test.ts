import { describe, expect, test } from "vitest";
import { parseOptions } from "@node-rs/argon2";
import { type Argon2, Passwords } from "../../src/accounts/passwords.ts";

describe("passwords", () => {
  test("a hash is argon2id with 19 MiB and two passes, and has a salt of its own", async () => {
    const passwords = new Passwords();

    const [one, other] = await Promise.all([passwords.hash("胡同里的猫"), passwords.hash("胡同里的猫")]);

    expect(one).toMatch(/^\$argon2id\$/);
    expect(parseOptions(one)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    expect(other).not.toBe(one);
    expect(await passwords.matches("胡同里的猫", one)).toBe(true);
    expect(await passwords.matches("胡同里的狗", one)).toBe(false);
  });

  test("nobody's password is checked against a hash of the same cost", async () => {
    const checked: string[] = [];
    const argon2: Argon2 = {
      hash: () => Promise.reject(new Error("nothing to hash")),
      verify: (hash) => {
        checked.push(hash);
        return Promise.resolve(true);
      },
    };

    expect(await new Passwords(argon2).matches("password", undefined)).toBe(false);

    expect(checked).toHaveLength(1);
    expect(parseOptions(checked[0]!)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  });
});
