import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Hono } from "hono";
import type { Callers } from "../accounts/callers.ts";
import { Rates } from "../accounts/rates.ts";
import type { HttpEnvironment } from "../http/http-environment.ts";
import type { Tables } from "../storage/tables.ts";
import { FileCollection } from "./file-collection.ts";
import { FileCookie } from "./file-cookie.ts";
import { type FileOptions, resolveFileOptions } from "./file-options.ts";
import { fileRoutes } from "./file-routes.ts";
import type { FileStore } from "./file-store.ts";
import { Pictures } from "./pictures.ts";
import { Uploads } from "./uploads.ts";

/** What {@link createFiles} puts together. Nothing of it is closed here. */
export interface FilesParts {
  readonly database: Database<Tables>;
  readonly store: FileStore;
  /** For uploads that are under way; on the disk of a local store. */
  readonly draftFolder: string;
  readonly clock: Clock;
  readonly callers: Pick<Callers, "caller">;
  /** At least 32 bytes; the one that signs tokens. */
  readonly secret: Uint8Array;
  /** Whether people come over HTTPS. */
  readonly isSecure: boolean;
  /** Hears what fails where nobody waits for it, and what the caller is told of as `internal` or `unavailable`. */
  readonly failed: (error: unknown) => void;
  /** @defaultValue those of accounts, counted on their own */
  readonly rates?: Pick<Rates, "take">;
  readonly options?: FileOptions;
}

/** Files of one process. */
export interface Files extends AsyncDisposable {
  /** Below `/api`, behind `identify`. */
  readonly routes: Hono<HttpEnvironment>;
  /** Goes with every answer that carries a session. */
  readonly cookie: FileCookie;
  readonly collection: FileCollection;
  /** Begins to collect what nothing shows. */
  start(): void;
  /** Stops. Store and database have to be usable until it resolves. */
  close(): Promise<void>;
}

/** Puts files together. */
export function createFiles(given: FilesParts): Files {
  const { database, store, draftFolder, clock, failed, rates = new Rates(clock) } = given;
  const options = resolveFileOptions(given.options ?? {});
  const cookie = new FileCookie(given);
  const uploads = new Uploads({ database, store, clock, pictures: new Pictures(options) });
  const collection = new FileCollection({ ...given, unreferencedMs: options.unreferencedMs });
  const close = (): Promise<void> => collection.close();
  return {
    routes: fileRoutes({ database, store, uploads, cookie, rates, clock, draftFolder, options, failed }),
    cookie,
    collection,
    start: () => collection.start(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
