// What goes wrong between a server that works and the phones that are to reach
// it, seen from outside: each check does what a client does, and says how to mend
// what the client would trip over.
import { isIP } from "node:net";
import type { Clock } from "@hutong/server/plugin";
import { askHttp, askUpgrade, type Probe, watchSilence } from "./probe.ts";

/** Everything that is looked at, in the order of the report. */
export const DOCTOR_CHECKS = ["address", "certificate", "http", "upgrade", "origin", "read_timeout"] as const;

/** The name of a check. */
export type DoctorCheck = (typeof DOCTOR_CHECKS)[number];

/** The outcome of a check. */
export type Finding =
  | { readonly check: DoctorCheck; readonly kind: "passed" }
  /** Could not be looked at, because another check has failed. */
  | { readonly check: DoctorCheck; readonly kind: "skipped" }
  | {
      readonly check: DoctorCheck;
      readonly kind: "failed";
      /** What a client meets, in one sentence. */
      readonly problem: string;
      /** How to mend it, in one sentence. */
      readonly remedy: string;
    };

/** Options of {@link examine}. */
export interface DoctorOptions {
  readonly clock: Clock;
  /** How long a silent connection is watched, in milliseconds. @defaultValue 65_000: longer than the minute that proxies are shipped with */
  readonly silenceMs?: number;
  /** How long an answer may take, in milliseconds. @defaultValue 10_000 */
  readonly limitMs?: number;
  /** Certificates that are trusted in place of the machine's, as PEM. @defaultValue those that Node trusts */
  readonly trusted?: string;
}

const DEFAULT_DOCTOR = { silenceMs: 65_000, limitMs: 10_000 } as const;

const SOCKET_PATH = "/socket/websocket?vsn=2.0.0";

type Outcome = "passed" | "skipped" | Ailment;

/**
 * Examines the chat at its public address. Resolves with one finding per check; never rejects for what the address does.
 *
 * @throws {TypeError} when the address is no `http:` or `https:` URL.
 */
export async function examine(address: string, options: DoctorOptions): Promise<readonly Finding[]> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError(`"${address.slice(0, 80)}" is no address; write https://example.com`);
  const probe: Probe = { ...DEFAULT_DOCTOR, ...options, origin: url.origin };
  const certificate = url.protocol === "https:" ? await checkCertificate(probe) : "skipped";
  // What is wrong with the certificate is known now; the rest is looked at nevertheless.
  const tolerant: Probe = { ...probe, isTolerant: true };
  const http = await checkHttp(tolerant);
  const upgrade = http === "passed" ? await checkUpgrade(tolerant) : "skipped";
  const [origin, readTimeout]: readonly Outcome[] =
    upgrade === "passed"
      ? await Promise.all([checkOrigin(tolerant), checkReadTimeout(tolerant)])
      : ["skipped", "skipped"];
  const outcomes: Readonly<Record<DoctorCheck, Outcome>> = {
    address: checkAddress(url),
    certificate,
    http,
    upgrade,
    origin: origin ?? "skipped",
    read_timeout: readTimeout ?? "skipped",
  };
  return DOCTOR_CHECKS.map((check) => toFinding(check, outcomes[check]));
}

function toFinding(check: DoctorCheck, outcome: Outcome): Finding {
  return typeof outcome === "string" ? { check, kind: outcome } : { check, kind: "failed", ...outcome };
}

/** WeChat's console takes domains with TLS only, and phones ask for exactly what stands there. */
function checkAddress({ protocol, hostname, port }: URL): Outcome {
  const isNumber = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  if (isNumber || hostname === "localhost")
    return {
      problem: `${hostname} is no domain: WeChat takes none but domains, and phones refuse the rest.`,
      remedy: "Point a domain at the server, register it in WeChat's console, and set HUTONG_PUBLIC_URL to it.",
    };
  if (protocol === "http:")
    return {
      problem: "The address has no TLS: phones open https and wss only.",
      remedy: "Put a proxy with a certificate in front, as docs/guide/deploy.md shows, and use its https address.",
    };
  if (port !== "")
    return {
      problem: `The address has the port ${port}: WeChat asks for it in every request, and for registering it.`,
      remedy: "Have the proxy listen on port 443, and leave the port out.",
    };
  return "passed";
}

interface Ailment {
  readonly problem: string;
  readonly remedy: string;
}

const INCOMPLETE_CHAIN: Ailment = {
  problem: "The certificate's chain is incomplete: computers may fetch what is missing, phones refuse the connection.",
  remedy: "Give nginx the file with the whole chain in ssl_certificate: of Let's Encrypt it is fullchain.pem.",
};

const UNKNOWN_AUTHORITY: Ailment = {
  problem: "The certificate's chain leads to no authority that phones trust.",
  remedy: "Get a certificate from a public authority, for example Let's Encrypt, and send its whole chain.",
};

/** What TLS says, and what it means. */
const CERTIFICATE_PROBLEMS: ReadonlyMap<string, Ailment> = new Map([
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", INCOMPLETE_CHAIN],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNKNOWN_AUTHORITY],
  ["UNABLE_TO_GET_ISSUER_CERT", UNKNOWN_AUTHORITY],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", UNKNOWN_AUTHORITY],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNKNOWN_AUTHORITY],
  [
    "CERT_HAS_EXPIRED",
    { problem: "The certificate has expired.", remedy: "Renew it, reload the proxy, and have that done by a timer." },
  ],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    {
      problem: "The certificate is for another domain.",
      remedy: "Get one for this domain; one for example.com is not good for chat.example.com.",
    },
  ],
]);

async function checkCertificate(probe: Probe): Promise<Outcome> {
  const answer = await askHttp(probe, "/healthz");
  if (answer.kind === "answered") return "passed";
  // What is no matter of TLS is the next check's.
  return CERTIFICATE_PROBLEMS.get(answer.code) ?? "passed";
}

async function checkHttp(probe: Probe): Promise<Outcome> {
  const answer = await askHttp(probe, "/healthz");
  if (answer.kind === "failed")
    return {
      problem: `Nothing answers at ${probe.origin} (${answer.code}).`,
      remedy:
        "Check that the domain points at the server, that its firewall lets port 443 in, and that the proxy runs.",
    };
  if (answer.status === 200 && answer.body === "ok") return "passed";
  return {
    problem: `${probe.origin}/healthz answers ${answer.status}, and not as Hutong does.`,
    remedy: "Check that the proxy passes every path to Hutong (proxy_pass without a path), and that Hutong runs.",
  };
}

async function checkUpgrade(probe: Probe): Promise<Outcome> {
  const answer = await askUpgrade(probe, SOCKET_PATH);
  if (answer.kind === "upgraded") {
    answer.socket.destroy();
    return "passed";
  }
  const what = answer.kind === "failed" ? answer.code : `status ${answer.status}`;
  return {
    problem: `A WebSocket is refused (${what}): the proxy does not pass the upgrade on.`,
    remedy:
      'Set in nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade".',
  };
}

async function checkOrigin(probe: Probe): Promise<Outcome> {
  const answer = await askUpgrade(probe, SOCKET_PATH, { origin: probe.origin });
  if (answer.kind === "upgraded") {
    answer.socket.destroy();
    return "passed";
  }
  return {
    problem: `A page of ${probe.origin} may not connect, though a program may.`,
    remedy: `Pass the host on (in nginx: proxy_set_header Host $http_host), and if HUTONG_ORIGINS is set, add ${probe.origin} to it.`,
  };
}

async function checkReadTimeout(probe: Probe): Promise<Outcome> {
  const silence = await watchSilence(probe, SOCKET_PATH);
  if (silence.kind === "kept") return "passed";
  const seconds = Math.round(silence.afterMs / 1_000);
  return {
    problem: `The proxy cuts a connection that is silent for ${seconds} s.`,
    remedy: "Set in nginx, for the locations of WebSockets: proxy_read_timeout 1h; proxy_send_timeout 1h.",
  };
}
