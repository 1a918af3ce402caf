import { isRecord } from "../../is-record.ts";

/** A request in the form that the host carries out. */
export interface PlainRequest {
  /** Complete address. */
  readonly url: string;
  /** In upper case. */
  readonly method: string;
  /** Headers by name. */
  readonly header: Readonly<Record<string, string>>;
  /** Text or bytes; `undefined` when there is no body. */
  readonly body: unknown;
}

/** What an application hands to `wx.request`. */
export interface RequestArguments {
  /** Complete address. */
  readonly url?: unknown;
  /** In upper case. */
  readonly method?: unknown;
  /** Headers by name. */
  readonly header?: unknown;
  /** What is sent. */
  readonly data?: unknown;
}

/** Applies WeChat's rules: GET puts fields into the address, others send JSON unless the header asks for a form. */
export function plainRequest({ url, method, header, data }: RequestArguments): PlainRequest {
  const verb = typeof method === "string" && method !== "" ? method.toUpperCase() : "GET";
  const headers = headersOf(header);
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const address = typeof url === "string" ? url : "";
  const hasType = type !== undefined;
  const sent = hasType ? headers : { ...headers, "content-type": "application/json" };
  if (verb === "GET" || verb === "HEAD") {
    return { url: withQuery(address, isRecord(data) ? formOf(data) : ""), method: verb, header: sent, body: undefined };
  }
  const isForm = type?.includes("application/x-www-form-urlencoded") === true;
  return { url: address, method: verb, header: sent, body: bodyOf(data, isForm) };
}

function headersOf(header: unknown): Record<string, string> {
  if (!isRecord(header)) return {};
  const entries = Object.entries(header).filter(
    ([name, value]) => value !== undefined && name.toLowerCase() !== "referer",
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function bodyOf(data: unknown, isForm: boolean): unknown {
  if (data === undefined || data === null) return undefined;
  if (typeof data === "string" || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data;
  return isForm && isRecord(data) ? formOf(data) : JSON.stringify(data);
}

function formOf(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(fieldText(value))}`)
    .join("&");
}

function fieldText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function withQuery(url: string, query: string): string {
  if (query === "") return url;
  const [address = "", hash] = url.split("#");
  const joined = `${address}${address.includes("?") ? "&" : "?"}${query}`;
  return hash === undefined ? joined : `${joined}#${hash}`;
}
