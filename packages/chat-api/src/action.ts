import type { z } from "zod";

/**
 * Who may call an action. `"anyone"` needs no session and is reached over HTTP only; `"visitor"` is everyone with a
 * session, visitors included; `"user"` is everyone with an account.
 */
export type Access = "anyone" | "visitor" | "user";

/**
 * One thing that a client can ask the chat server to do. It is reached in two ways that do the same: as a push of
 * the action's name on the inbox channel, and over HTTP at `method` and `path` below `/api`. Names in braces of the path
 * are fields of the input; the other fields travel in the query of `get` and `delete` and in the JSON body of the rest.
 */
export interface Action<
  TInput extends z.ZodObject = z.ZodObject,
  TOutput extends z.ZodType = z.ZodType,
  TAccess extends Access = Access,
> {
  /** The HTTP method. */
  readonly method: "get" | "post" | "put" | "delete";
  /** The path below `/api`, with the fields of the input that stand in it in braces. */
  readonly path: `/${string}`;
  readonly access: TAccess;
  /** One sentence for the reader of the API's description. */
  readonly summary: string;
  readonly input: TInput;
  readonly output: TOutput;
}

/** Keeps the types of an action. */
export function action<TInput extends z.ZodObject, TOutput extends z.ZodType, TAccess extends Access>(
  definition: Action<TInput, TOutput, TAccess>,
): Action<TInput, TOutput, TAccess> {
  return definition;
}
