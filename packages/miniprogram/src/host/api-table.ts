import type { InvokeResult } from "../bus/message.ts";
import { isRecord } from "../is-record.ts";
import { HostFailure } from "./host-failure.ts";

/** Arguments of a call, as they came. */
export type ApiArguments = Readonly<Record<string, unknown>>;

/** Carries out a call. Gives the fields of the result; fails with {@link HostFailure}. */
export type ApiHandler = (args: ApiArguments) => object | void | Promise<object | void>;

/** The APIs of one part of the host, by name. */
export type ApiTable = Readonly<Record<string, ApiHandler>>;

/** Runs a handler and makes a result of what it does. Never rejects: a bug is a failure with its text. */
export async function runApi(api: string, handler: ApiHandler, args: unknown): Promise<InvokeResult> {
  try {
    const fields = (await handler(isRecord(args) ? args : {})) ?? {};
    return { ...fields, errMsg: `${api}:ok` };
  } catch (error) {
    if (error instanceof HostFailure && error.isCancel) return { errMsg: `${api}:fail cancel` };
    const reason = error instanceof Error ? error.message : String(error);
    return { errMsg: `${api}:fail ${reason}` };
  }
}
