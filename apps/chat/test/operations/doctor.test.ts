import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { systemClock } from "@hutong/server/plugin";
import { describe, expect, test } from "vitest";
import { type NginxPlace, startNginx } from "../../../../tools/nginx.ts";
import { type DoctorCheck, examine, type Finding } from "../../src/operations/doctor.ts";
import { type StartedChat, startTestChat } from "../support/started-chat.ts";

const NGINX = process.env["HUTONG_TEST_NGINX"];
const GUIDE = fileURLToPath(new URL("../../../../docs/guide/deploy.md", import.meta.url));

/** The configuration of the guide for this place, with lines changed. */
async function guideConfiguration(upstream: string): Promise<(place: NginxPlace) => string> {
  const block = /```nginx\n([^]*?)```/.exec(await readFile(GUIDE, "utf8"))?.[1] ?? "";
  return ({ listen, certificates }) =>
    block
      .replace("listen 443 ssl", `listen ${listen} ssl`)
      .replace(/ssl_certificate +\S+;/, `ssl_certificate ${certificates.chainPath};`)
      .replace(/ssl_certificate_key +\S+;/, `ssl_certificate_key ${certificates.keyPath};`)
      .replace("http://127.0.0.1:4000", upstream);
}

interface Examination {
  /** Changes the guide's configuration. */
  readonly change?: (configuration: string, place: NginxPlace) => string;
  readonly config?: Parameters<typeof startTestChat>[0];
  readonly silenceMs?: number;
}

/** What the doctor finds at a real nginx in front of a real chat. */
async function examineThrough({
  change = (text) => text,
  config,
  silenceMs = 300,
}: Examination): Promise<ReadonlyMap<DoctorCheck, Finding>> {
  await using started = await startTestChat(config);
  const configuration = await guideConfiguration(started.chat.url);
  await using nginx = await startNginx(NGINX ?? "", (place) => change(configuration(place), place));
  const options = { clock: systemClock, silenceMs, trusted: nginx.certificates.authority };
  const findings = await examine(nginx.url, options);
  return new Map(findings.map((finding) => [finding.check, finding]));
}

describe.skipIf(NGINX === undefined)("the doctor, through nginx", () => {
  test("finds nothing wrong with the guide's configuration but that this is no domain", async () => {
    const findings = await examineThrough({});

    expect([...findings.values()].filter(({ kind }) => kind !== "passed").map(({ check }) => check)).toEqual([
      "address",
    ]);
  });

  test("finds missing upgrade headers", async () => {
    const findings = await examineThrough({
      change: (text) => text.replace(/proxy_set_header (Upgrade|Connection).*/g, ""),
    });

    expect(findings.get("upgrade")).toEqual({
      check: "upgrade",
      kind: "failed",
      problem: "A WebSocket is refused (status 400): the proxy does not pass the upgrade on.",
      remedy:
        'Set in nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade".',
    });
    expect(findings.get("read_timeout")).toEqual({ check: "read_timeout", kind: "skipped" });
  });

  test("finds a read timeout", async () => {
    const findings = await examineThrough({
      change: (text) => text.replace("proxy_read_timeout 1h", "proxy_read_timeout 1s"),
      silenceMs: 10_000,
    });

    expect(findings.get("read_timeout")).toEqual({
      check: "read_timeout",
      kind: "failed",
      problem: "The proxy cuts a connection that is silent for 1 s.",
      remedy: "Set in nginx, for the locations of WebSockets: proxy_read_timeout 1h; proxy_send_timeout 1h.",
    });
  });

  test("finds a list of origins without the page's own", async () => {
    const findings = await examineThrough({ config: { origins: ["https://elsewhere.example"] } });

    const { problem, remedy } = failedOf(findings.get("origin"));
    expect(problem).toMatch(/^A page of https:\/\/localhost:\d+ may not connect, though a program may\.$/);
    expect(remedy).toMatch(/if HUTONG_ORIGINS is set, add https:\/\/localhost:\d+ to it\.$/);
  });

  test("finds a host that is not passed on", async () => {
    const findings = await examineThrough({ change: (text) => text.replace(/proxy_set_header Host .*/, "") });

    expect(failedOf(findings.get("origin")).remedy).toContain("proxy_set_header Host $http_host");
  });

  test("finds an incomplete chain, and goes on", async () => {
    const findings = await examineThrough({
      change: (text, { certificates }) => text.replace(certificates.chainPath, certificates.leafPath),
    });

    expect(failedOf(findings.get("certificate"))).toMatchObject({
      problem:
        "The certificate's chain is incomplete: computers may fetch what is missing, phones refuse the connection.",
      remedy: "Give nginx the file with the whole chain in ssl_certificate: of Let's Encrypt it is fullchain.pem.",
    });
    expect(findings.get("upgrade")?.kind).toBe("passed");
  });

  test("finds a certificate that nobody knows", async () => {
    await using started = await startTestChat();
    const configuration = await guideConfiguration(started.chat.url);
    await using nginx = await startNginx(NGINX ?? "", configuration);

    const findings = await examine(nginx.url, { clock: systemClock, silenceMs: 300 });

    expect(failedOf(findings.find(({ check }) => check === "certificate")).remedy).toContain("public authority");
  });

  test("finds a proxy that leads elsewhere", async () => {
    const findings = await examineThrough({ change: (text) => text.replace(/proxy_pass .*/, "return 404;") });

    expect(failedOf(findings.get("http")).problem).toMatch(/healthz answers 404, and not as Hutong does\.$/);
  });
});

describe("the doctor", () => {
  test.each([
    ["http://127.0.0.1:9", "127.0.0.1 is no domain: WeChat takes none but domains, and phones refuse the rest."],
    ["https://[::1]", "[::1] is no domain: WeChat takes none but domains, and phones refuse the rest."],
    ["http://chat.invalid", "The address has no TLS: phones open https and wss only."],
    [
      "https://chat.invalid:8443",
      "The address has the port 8443: WeChat asks for it in every request, and for registering it.",
    ],
  ])("says of %s: %s", async (address, problem) => {
    const [finding] = await examine(address, { clock: systemClock, silenceMs: 1, limitMs: 2_000 });

    expect(failedOf(finding).problem).toBe(problem);
  });

  test("says that nothing answers, and skips the rest", async () => {
    const findings = await examine("http://127.0.0.1:9", { clock: systemClock, silenceMs: 1 });

    expect(findings.map(({ check, kind }) => `${check} ${kind}`)).toEqual([
      "address failed",
      "certificate skipped",
      "http failed",
      "upgrade skipped",
      "origin skipped",
      "read_timeout skipped",
    ]);
    expect(failedOf(findings[2]).problem).toBe("Nothing answers at http://127.0.0.1:9 (ECONNREFUSED).");
  });

  test("takes a good-bye of the server for what it is", async () => {
    await using started: StartedChat = await startTestChat();
    const examined = examine(started.chat.url, { clock: systemClock, silenceMs: 20_000 });
    await expect.poll(() => started.events.some(({ kind }) => kind === "connection_opened")).toBe(true);
    await expect.poll(() => started.chat.server.stats().connections).toBe(1);

    await started.chat.server.close();

    expect((await examined).at(-1)).toEqual({ check: "read_timeout", kind: "passed" });
  });

  test("refuses what is no address", async () => {
    await expect(examine("chat.example.org", { clock: systemClock })).rejects.toThrow(
      new TypeError('"chat.example.org" is no address; write https://example.com'),
    );
  });
});

function failedOf(finding: Finding | undefined): Extract<Finding, { kind: "failed" }> {
  if (finding?.kind !== "failed") throw new Error(`not failed: ${JSON.stringify(finding)}`);
  return finding;
}
