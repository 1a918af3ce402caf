/** What a field of a view holds, as a text. */
export function textValue({ detail }: WxEvent): string {
  const { value } = detail;
  return typeof value === "string" ? value : "";
}

/** What a template wrote as `data-…`, as a text. */
export function dataText({ currentTarget }: WxEvent, name: string): string {
  const value = currentTarget.dataset[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
