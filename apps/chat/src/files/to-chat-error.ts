import { ChatError } from "../api/chat-error.ts";
import { FileStoreError } from "./file-store.ts";

/** What a caller is told of a failure around files. `failed` hears of what is neither a `ChatError` nor a full store. */
export function toChatError(error: unknown, failed: (error: unknown) => void): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof FileStoreError && error.code === "full") return new ChatError("storage_full", { cause: error });
  failed(error);
  if (!(error instanceof FileStoreError)) return new ChatError("internal", { cause: error });
  return new ChatError(error.code === "missing" ? "not_found" : "unavailable", { cause: error });
}
