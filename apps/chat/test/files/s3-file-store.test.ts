import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { openFileStore } from "../../src/files/open-file-store.ts";
import { openS3FileStore } from "../../src/files/s3-file-store.ts";
import { fileStoreConformance } from "./conformance.ts";
import { S3_KEY, startS3Server } from "./support/s3-server.ts";

const KEY = "0123456789abcdef0123456789abcdef";

fileStoreConformance("S3FileStore", async () => {
  const server = await startS3Server();
  return {
    store: await openS3FileStore({ ...S3_KEY, endpoint: server.endpoint, region: "auto" }),
    count: () => Promise.resolve(server.objects.size),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});

test.each([
  [507, "full"],
  [503, "unavailable"],
  [403, "unavailable"],
])("answers the status %i with %s", async (status, code) => {
  await using server = await startS3Server();
  const store = await openS3FileStore({ ...S3_KEY, endpoint: server.endpoint, region: "auto" });
  server.failNext(status);

  await expect(store.put(KEY, Readable.from([Buffer.from("x")]), 1)).rejects.toMatchObject({ code });
});

test("says that a service which is gone is not available", async () => {
  const { endpoint } = await goneServer();
  const store = await openS3FileStore({ ...S3_KEY, endpoint, region: "auto" });

  await expect(store.exists(KEY)).rejects.toMatchObject({ code: "unavailable" });
  await expect(store.put(KEY, Readable.from([Buffer.from("x")]), 1)).rejects.toMatchObject({ code: "unavailable" });
});

test("is opened by a URL that has everything in it", async () => {
  await using server = await startS3Server();
  const { host } = new URL(server.endpoint);

  const { store } = await openFileStore(`s3://test-key:test%2Dsecret@${host}/bucket?tls=off`, "data");
  await store.put(KEY, Readable.from([Buffer.from("x")]), 1);

  expect([...server.objects.keys()]).toEqual([KEY]);
});

test.each(["s3://host/bucket", "http://key:hush@host/bucket", "s3://key:hush@host", "hush"])(
  "refuses the URL %j without repeating it",
  async (url) => {
    const refusal = await openFileStore(url, "data").then(String, String);

    expect(refusal).toBe("TypeError: write s3://<key id>:<secret>@<host>/<bucket>?region=<region>");
  },
);

async function goneServer(): Promise<{ readonly endpoint: string }> {
  await using server = await startS3Server();
  return { endpoint: server.endpoint };
}
