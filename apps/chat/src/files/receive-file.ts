import type { IncomingMessage } from "node:http";
import { addAbortSignal } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { Clock } from "@hutong/server/plugin";
import { ChatError } from "../api/chat-error.ts";
import { type Draft, type DraftParts, removeDraft, writeDraft } from "./draft.ts";
import { cleanFileName } from "./file-name.ts";

// An upload is a form with one file in the field `file`. Its bytes go to a draft on the disk as they come. The
// first failure of sender, form, disk or clock ends the rest; the request is left alone then, because ending it would
// also end the answer.

/** What an upload turned out to be. The draft belongs to whoever receives it. */
export interface ReceivedFile extends Draft {
  /** For people. */
  readonly name: string;
}

/** How a file is received. */
export interface ReceiveParts extends DraftParts {
  readonly clock: Clock;
  /** How long an upload may stand still, and how long it may take, in milliseconds. */
  readonly limits: { readonly idleMs: number; readonly totalMs: number };
}

const FORM_LIMITS = { files: 1, fields: 4, parts: 5, fieldNameSize: 100, fieldSize: 1_024, headerPairs: 20 };
const MAX_HEADER_BYTES = 8_192;

/**
 * Reads an upload to its end. When it rejects, no draft is left behind.
 *
 * @throws {ChatError} `bad_request` for a broken, slow or crowded form, `too_large`, `type_not_allowed`, `storage_full`.
 */
export async function receiveFile(incoming: IncomingMessage, parts: ReceiveParts): Promise<ReceivedFile> {
  const form = createForm(incoming);
  const ended = new AbortController();
  const end = (error: unknown): void => ended.abort(error);
  const stopWatching = watchPace(incoming, parts, end);
  const file = fileOf(form, ended.signal, parts);
  const fed = feed(incoming, form, ended.signal);
  file.catch(end);
  fed.catch(end);
  const [received] = await Promise.allSettled([file, fed]);
  stopWatching();
  if (received.status === "fulfilled" && !ended.signal.aborted) return received.value;
  if (received.status === "fulfilled") await removeDraft(received.value);
  throw ended.signal.reason;
}

function createForm({ headers }: IncomingMessage): BusboyInstance {
  const { "content-type": contentType = "" } = headers;
  try {
    return new Busboy({
      headers: { ...headers, "content-type": contentType },
      limits: { ...FORM_LIMITS, headerSize: MAX_HEADER_BYTES },
    });
  } catch (cause) {
    throw new ChatError("bad_request", { message: "A file is sent as multipart/form-data", cause });
  }
}

/** Ends an upload that stands still or takes too long. */
function watchPace(
  incoming: IncomingMessage,
  { clock, limits: { idleMs, totalMs } }: ReceiveParts,
  end: (error: ChatError) => void,
): () => void {
  const endAs = (message: string) => () => end(new ChatError("bad_request", { message }));
  const waitForMore = (): (() => void) => clock.after(idleMs, endAs("The upload stood still for too long"));
  const stopTotal = clock.after(totalMs, endAs("The upload took too long"));
  let stopIdle = waitForMore();
  const heard = (): void => {
    stopIdle();
    stopIdle = waitForMore();
  };
  incoming.on("data", heard);
  return () => {
    incoming.off("data", heard);
    stopIdle();
    stopTotal();
  };
}

/** Resolves when the form has been read to its end, or the upload has ended otherwise. */
function feed(incoming: IncomingMessage, form: BusboyInstance, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const refuse = (message: string) => (cause?: unknown) => reject(new ChatError("bad_request", { message, cause }));
    form.on("finish", resolve);
    form.on("error", refuse("The form is broken or has no end"));
    for (const limit of ["partsLimit", "filesLimit", "fieldsLimit"] as const)
      form.on(limit, refuse("The form has more than one file and its fields"));
    incoming.on("error", refuse("The upload broke off"));
    incoming.on("close", () => {
      if (!incoming.readableEnded) refuse("The upload broke off")();
    });
    signal.addEventListener("abort", () => resolve(), { once: true });
    incoming.pipe(form);
  }).finally(() => void incoming.unpipe(form));
}

/** Writes the file of a form to a draft. Once it writes, it settles no sooner than the draft is whole or gone. */
function fileOf(form: BusboyInstance, signal: AbortSignal, parts: ReceiveParts): Promise<ReceivedFile> {
  return new Promise((resolve, reject) => {
    let isWriting = false;
    const refuse = (error: Error): void => {
      if (!isWriting) reject(error);
    };
    form.on("file", (field, content, name) => {
      // The parser reports the end of a form that is cut off without ending its file.
      content.on("error", (error) => content.destroy(error));
      if (field !== "file" || signal.aborted) {
        content.resume();
        refuse(new ChatError("bad_request", { message: "The file is not in the field `file`" }));
        return;
      }
      isWriting = true;
      writeDraft(addAbortSignal(signal, content), parts).then(
        (draft) => resolve({ ...draft, name: cleanFileName(name) }),
        reject,
      );
    });
    form.on("finish", () => refuse(new ChatError("bad_request", { message: "The form has no field `file`" })));
    signal.addEventListener("abort", () => refuse(new Error("the upload has ended")), { once: true });
  });
}
