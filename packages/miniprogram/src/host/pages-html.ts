import { randomBytes } from "node:crypto";

/** One page of the runner, and what its browser may load. */
export interface HtmlPage {
  /** The document. */
  readonly html: string;
  /** Value of the `content-security-policy` header. */
  readonly policy: string;
}

const HEAD = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">';

/** The page with the phone. */
export function phonePage(title: string): HtmlPage {
  return {
    html: `${HEAD}<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><body><script src="phone.js"></script>`,
    policy:
      "default-src 'self'; img-src * data: blob:; media-src * data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; frame-src 'self'; frame-ancestors 'self'",
  };
}

/** The frame of one page of a mini-program; `host` serves the bus. */
export function viewPage(host: string): HtmlPage {
  return {
    html: `${HEAD}<title>page</title><body><script src="view.js"></script>`,
    policy: `sandbox allow-scripts allow-forms; default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src * data: blob:; media-src * data: blob:; font-src * data:; connect-src ${busSources(host)}; frame-src *`,
  };
}

/**
 * The frame around the logic layer. Code of a project runs in a Worker of an origin that nothing else has, and
 * reaches nothing but the bus.
 */
export function servicePage(host: string): HtmlPage {
  const nonce = randomBytes(16).toString("base64");
  const script = `
    const address = new URLSearchParams(location.search);
    const code = "self.__miniProgramBus=" + JSON.stringify(address.get("bus")) + ";import(" + JSON.stringify(address.get("worker")) + ")";
    new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));`;
  return {
    html: `${HEAD}<title>service</title><body><script nonce="${nonce}">${script}</script>`,
    policy: `sandbox allow-scripts; default-src 'none'; script-src 'self' 'nonce-${nonce}' 'unsafe-eval' blob:; worker-src blob:; connect-src ${busSources(host)}`,
  };
}

/** Only the bus of this server: a strange `Host` header opens nothing. */
function busSources(host: string): string {
  return /^[\w.:[\]-]+$/.test(host) ? `ws://${host} wss://${host}` : "'none'";
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
