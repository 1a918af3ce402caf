import { ChannelError } from "@hutong/client";

/** The reason with which a call is refused, over HTTP or over a socket; `undefined` when it is not. */
export async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof ChannelError) return error.reason;
    if (error instanceof Error) return error.message;
    throw error;
  }
}
