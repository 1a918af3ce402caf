import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { runStep } from "./steps.ts";

/** A certificate for loopback that nobody trusts but who is told to, signed by an intermediate authority, as real ones are. */
export interface Certificates {
  /** Path of the certificate alone. */
  readonly leafPath: string;
  /** Path of the certificate and the intermediate one: what a server is to send. */
  readonly chainPath: string;
  /** Path of the private key. */
  readonly keyPath: string;
  /** The authority to trust, as PEM. */
  readonly authority: string;
}

const NAMES = "subjectAltName=DNS:localhost,DNS:chat.example.org,IP:127.0.0.1";

/** Makes certificates in a folder, with the program `openssl`. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string): string => join(folder, name);
  const authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"].flatMap((line) => [
    "-addext",
    line,
  ]);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...key,
    "-days",
    "2",
    "-subj",
    "/CN=Test Root",
    ...authority,
    "-keyout",
    at("root.key"),
    "-out",
    at("root.pem"),
  );
  await writeFile(at("middle.ext"), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n");
  await writeFile(at("leaf.ext"), `basicConstraints=CA:FALSE\n${NAMES}\n`);
  for (const [name, issuer, subject] of [
    ["middle", "root", "/CN=Test Intermediate"],
    ["leaf", "middle", "/CN=localhost"],
  ] as const) {
    await openssl("req", "-new", ...key, "-subj", subject, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`));
    const signer = ["-CA", at(`${issuer}.pem`), "-CAkey", at(`${issuer}.key`), "-CAcreateserial", "-days", "2"];
    await openssl(
      "x509",
      "-req",
      "-in",
      at(`${name}.csr`),
      ...signer,
      "-extfile",
      at(`${name}.ext`),
      "-out",
      at(`${name}.pem`),
    );
  }
  const leaf = await readFile(at("leaf.pem"), "utf8");
  await writeFile(at("chain.pem"), leaf);
  await appendFile(at("chain.pem"), await readFile(at("middle.pem"), "utf8"));
  return {
    leafPath: at("leaf.pem"),
    chainPath: at("chain.pem"),
    keyPath: at("leaf.key"),
    authority: await readFile(at("root.pem"), "utf8"),
  };
}

async function openssl(...commandArguments: readonly string[]): Promise<void> {
  const made = await runStep({ name: "openssl", command: "openssl", arguments: commandArguments });
  if (!made.passed) throw new Error(`openssl failed: ${made.output}`);
}
