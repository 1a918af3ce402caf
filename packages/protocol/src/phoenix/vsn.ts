/**
 * The `vsn` that Hutong's own client asks for: V2 with Hutong's extension. Other
 * Phoenix servers ignore the build metadata and speak plain V2. In a query
 * string the plus must be percent-encoded.
 */
export const HUTONG_VSN = "2.0.0+hutong.1";
