// Wafer's two session protocols, version 1 (`wafer-client-sdk`) and version 2
// (`wafer2-client-sdk`). They send the same parameters, version 2 without the
// session's id, and read different keys of an answer. So one object serves both,
// and a request need not say which version it follows.

/** Header or query parameter that a wafer client sends; case does not matter. Browsers need leave to send them across origins. */
export const WAFER_NAMES = {
  code: "X-WX-Code",
  encryptedData: "X-WX-Encrypted-Data",
  iv: "X-WX-IV",
  id: "X-WX-Id",
  skey: "X-WX-Skey",
} as const;

/** The parts of a request that wafer uses. `Headers`, `URLSearchParams` and entries of an object will do. */
export interface WaferRequest {
  /** In any case. */
  readonly headers: Iterable<readonly [string, string]>;
  /** Decoded. */
  readonly query: Iterable<readonly [string, string]>;
}

/** What a client wants to be taken for. */
export type WaferCredentials =
  /** Neither a login nor a session. */
  | { readonly kind: "none" }
  | WaferLoginRequest
  | WaferSessionKeys
  /** Something that no wafer client sends; `message` says what. */
  | { readonly kind: "malformed"; readonly message: string };

/** A login. */
export interface WaferLoginRequest {
  readonly kind: "login";
  /** From `wx.login`. */
  readonly code: string;
  /** From `wx.getUserInfo`; `undefined` where a known user logs in by the code alone. */
  readonly userData: { readonly encryptedData: string; readonly iv: string } | undefined;
}

/** What names a session. */
export interface WaferSessionKeys {
  readonly kind: "session";
  /** `undefined` from clients of version 2, which know sessions by their `skey` alone. */
  readonly id: string | undefined;
  readonly skey: string;
}

/** Longest value of each parameter, in characters. */
export const MAX_WAFER_LENGTHS = { code: 256, encryptedData: 8_192, iv: 64, id: 256, skey: 256 } as const;

type Parameter = keyof typeof WAFER_NAMES;

const PARAMETERS = ["code", "encryptedData", "iv", "id", "skey"] as const satisfies readonly Parameter[];

/** Reads what a request brings, each parameter from the headers or else from the query. A code makes it a login. */
export function readWaferCredentials({ headers, query }: WaferRequest): WaferCredentials {
  const given = collect(query);
  for (const [name, value] of collect(headers)) given.set(name, value);
  for (const parameter of PARAMETERS) {
    const maxLength = MAX_WAFER_LENGTHS[parameter];
    if ((valueOf(given, parameter)?.length ?? 0) > maxLength)
      return { kind: "malformed", message: `${WAFER_NAMES[parameter]} is longer than ${maxLength} characters` };
  }
  const [code, encryptedData, iv, id, skey] = PARAMETERS.map((parameter) => valueOf(given, parameter));
  if (code !== undefined) {
    if ((encryptedData === undefined) !== (iv === undefined)) {
      const { encryptedData: dataName, iv: ivName } = WAFER_NAMES;
      return { kind: "malformed", message: `${dataName} and ${ivName} come together or not at all` };
    }
    const userData = encryptedData === undefined || iv === undefined ? undefined : { encryptedData, iv };
    return { kind: "login", code, userData };
  }
  return skey === undefined ? { kind: "none" } : { kind: "session", id, skey };
}

/** Values that are not empty, by lower-case name; the first of each name counts. */
function collect(entries: Iterable<readonly [string, string]>): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (value !== "" && !values.has(key)) values.set(key, value);
  }
  return values;
}

function valueOf(values: ReadonlyMap<string, string>, parameter: Parameter): string | undefined {
  return values.get(WAFER_NAMES[parameter].toLowerCase());
}
