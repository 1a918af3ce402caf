import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** A small S3-compatible service in memory, with one bucket. */
export interface S3Server extends AsyncDisposable {
  /** With the bucket. */
  readonly endpoint: string;
  readonly objects: ReadonlyMap<string, Buffer>;
  /** The next request gets this status. */
  failNext(status: number): void;
}

export const S3_KEY = { accessKeyId: "test-key", secretAccessKey: "test-secret" } as const;

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=test-key\/\d{8}\/[\w-]+\/s3\/aws4_request, ?SignedHeaders=[\w;-]+, ?Signature=[0-9a-f]{64}$/;

/** Starts the service. It wants a signature of the right form and does not check its value. */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  let nextStatus: number | undefined;
  const server = createServer((request, response) => {
    const status = nextStatus;
    nextStatus = undefined;
    if (status !== undefined) response.writeHead(status).end();
    else if (!SIGNED.test(request.headers.authorization ?? "")) response.writeHead(403).end();
    // A broken upload stores nothing and has nobody to answer.
    else answer(objects, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}/bucket`,
    objects,
    failNext: (status) => (nextStatus = status),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(objects: Map<string, Buffer>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = /^\/bucket\/(\w+)$/.exec(request.url ?? "")?.[1] ?? "";
  const object = objects.get(key);
  if (request.method === "PUT") {
    if (request.headers["content-length"] === undefined) return void response.writeHead(411).end();
    objects.set(key, await buffer(request));
    return void response.writeHead(200, { etag: '"tag"' }).end();
  }
  if (request.method === "DELETE") {
    objects.delete(key);
    return void response.writeHead(204).end();
  }
  if (object === undefined) return void response.writeHead(404).end();
  if (request.method === "HEAD") return void response.writeHead(200, { "content-length": object.length }).end();
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  if (first === undefined) return void response.writeHead(200, { "content-length": object.length }).end(object);
  response.writeHead(206).end(object.subarray(Number(first), Number(last) + 1));
}
