/** What a refused person is told to do. */
export type RefusalAdvice =
  | { readonly kind: "bring_token"; readonly because: "unauthorized" | "token_expired" | "token_invalid" | "unsaid" }
  | { readonly kind: "change_name" }
  /** The page does not know the word and shows it as it is. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Turns the server's reason into advice. Action Cable carries none, and only private rooms refuse. */
export function toRefusalAdvice(reason: string | undefined): RefusalAdvice {
  switch (reason) {
    case undefined:
      return { kind: "bring_token", because: "unsaid" };
    case "unauthorized":
    case "token_expired":
    case "token_invalid":
      return { kind: "bring_token", because: reason };
    case "invalid_params":
      return { kind: "change_name" };
    default:
      return { kind: "unknown", reason };
  }
}
