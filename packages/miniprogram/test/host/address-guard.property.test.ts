import fc from "fast-check";
import { expect, test } from "vitest";
import { isPrivateAddress, targetOf } from "../../src/host/address-guard.ts";

const byte = fc.integer({ min: 0, max: 255 });
type Quad = readonly [number, number, number, number];

const privateQuad: fc.Arbitrary<Quad> = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127), byte, byte, byte),
  fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
);

/** One number of an address: decimal, octal or hexadecimal. */
const spellNumber = (value: number, base: number): string =>
  base === 8 ? `0${value.toString(8)}` : base === 16 ? `0x${value.toString(16)}` : String(value);

function spellings([a, b, c, d]: Quad, bases: readonly number[]): readonly string[] {
  const spell = (values: readonly number[]): string =>
    values.map((value, index) => spellNumber(value, bases[index] ?? 10)).join(".");
  const hex = (high: number, low: number): string => (high * 256 + low).toString(16);
  const tail = `${hex(a, b)}:${hex(c, d)}`;
  return [
    spell([a, b, c, d]),
    `${spell([a, b, c, d])}.`,
    spell([a, b, c * 256 + d]),
    spell([a, b * 65_536 + c * 256 + d]),
    spell([a * 16_777_216 + b * 65_536 + c * 256 + d]),
    ...["::ffff:", "::ffff:0:", "::", "64:ff9b::"].map((prefix) => `[${prefix}${tail}]`),
    `[::ffff:${a}.${b}.${c}.${d}]`,
    `[2002:${tail}::1]`,
  ];
}

test("every spelling of a private address is refused", () => {
  const bases = fc.tuple(...Array.from({ length: 4 }, () => fc.constantFrom(8, 10, 16)));
  fc.assert(
    fc.property(privateQuad, bases, fc.constantFrom("", ":8080"), (quad, numbers, port) => {
      for (const host of spellings(quad, numbers)) {
        expect(() => targetOf(`http://${host}${port}/`, new Map(), ["http:"]), host).toThrow("is a private address");
      }
    }),
  );
});

test("an address is as private as the same one mapped into IPv6", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isPrivateAddress(`::ffff:${address}`)).toBe(isPrivateAddress(address));
    }),
  );
});

test("whatever an address is, it is refused with a reason or leads to a checked host", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.ipV6().map((host) => `http://[${host}]/`),
      ),
      (address) => {
        try {
          const { url, lookup } = targetOf(address, new Map(), ["http:", "https:"]);
          expect(lookup).toBeTypeOf("function");
          expect(isPrivateAddress(url.hostname.replace(/^\[|\]$/g, ""))).toBe(false);
        } catch (error) {
          expect(error).toMatchObject({ name: "HostFailure" });
        }
      },
    ),
  );
});
