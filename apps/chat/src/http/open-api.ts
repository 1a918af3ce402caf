import { type Action, type ActionName, ACTIONS, CHAT_ERROR_CODES, file } from "@hutong/chat-api";
import { z } from "zod";

type JsonObject = Record<string, unknown>;

const error = z
  .object({
    error: z.object({
      reason: z.enum(Object.keys(CHAT_ERROR_CODES)),
      message: z.string().describe("For the developer, in English."),
      retryAfterMs: z.number().int().optional(),
    }),
  })
  .meta({ id: "Error" });

const SESSION = [{ session: [] }];

/** The description of the HTTP API, OpenAPI 3.1, made from the same table as the routes. */
export function openApiDocument(version: string): object {
  const schemas = new Schemas();
  const paths = new Map<string, JsonObject>();
  const add = (path: string, method: string, operation: object): void => {
    paths.set(path, { ...paths.get(path), [method]: operation });
  };
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    // keys of a closed table
    const { path, method } = ACTIONS[name];
    add(path, method, describeAction(schemas, name, ACTIONS[name]));
  }
  add("/files", "post", describeUpload(schemas));
  add("/files/{id}", "get", describeDownload(schemas, "The content of a file that the caller may see; takes ranges."));
  add("/files/{id}/thumbnail", "get", describeDownload(schemas, "The small picture of a file."));
  return {
    openapi: "3.1.0",
    info: {
      title: "Hutong",
      version,
      description:
        "Accounts, conversations, messages, friends, groups and files. An operation that needs a session is also a push of its operation id on the channel `inbox:<user id>`.",
    },
    servers: [{ url: "/api" }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: schemas.components(),
      securitySchemes: { session: { type: "http", scheme: "bearer" } },
    },
  };
}

/** JSON Schema of zod's schemas; those with an id are written once, among the components. */
class Schemas {
  readonly #components = new Map<string, unknown>();

  of(schema: z.ZodType, io: "input" | "output"): JsonObject {
    const { $schema, $defs, ...rest } = z.toJSONSchema(schema, { io });
    void $schema;
    for (const [id, definition] of Object.entries($defs ?? {})) this.#components.set(id, withComponentRefs(definition));
    const { id } = schema.meta() ?? {};
    if (id === undefined) return withComponentRefs(rest);
    this.#components.set(id, withComponentRefs(rest));
    return { $ref: `#/components/schemas/${id}` };
  }

  components(): JsonObject {
    return Object.fromEntries([...this.#components].sort(([one], [other]) => one.localeCompare(other)));
  }
}

function withComponentRefs(schema: object): JsonObject {
  // A value that came from JSON Schema is plain JSON, an object at its top.
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonObject;
}

function describeAction(schemas: Schemas, name: ActionName, action: Action): JsonObject {
  const { method, path, access, summary, input, output } = action;
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field));
  const isQuery = method === "get" || method === "delete";
  const rest = Object.entries(input.shape).filter(([field]) => !inPath.has(field));
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: "input" });
  const parameters = Object.entries(properties)
    .filter(([field]) => inPath.has(field) || isQuery)
    .map(([field, schema]) => ({
      name: field,
      in: inPath.has(field) ? "path" : "query",
      required: required.includes(field),
      schema,
    }));
  const hasBody = rest.length > 0 && !isQuery;
  return {
    operationId: name,
    summary,
    tags: [path.split("/")[1] ?? ""],
    ...(access !== "anyone" && { security: SESSION }),
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody && { requestBody: jsonContent(schemas.of(z.object(Object.fromEntries(rest)), "input")) }),
    responses: answers(schemas, jsonContent(schemas.of(output, "output"))),
  };
}

function describeUpload(schemas: Schemas): JsonObject {
  const form = { type: "object", properties: { file: { type: "string", format: "binary" } }, required: ["file"] };
  return {
    operationId: "upload_file",
    summary: "Stores a file: for a message, or with the purpose `profile` for an avatar.",
    tags: ["files"],
    security: SESSION,
    parameters: [{ name: "purpose", in: "query", schema: { enum: ["message", "profile"], default: "message" } }],
    requestBody: { content: { "multipart/form-data": { schema: form } } },
    responses: answers(schemas, jsonContent(schemas.of(z.object({ file }), "output"))),
  };
}

function describeDownload(schemas: Schemas, summary: string): JsonObject {
  return {
    summary,
    tags: ["files"],
    security: SESSION,
    parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
    responses: answers(schemas, { content: { "*/*": {} } }),
  };
}

function answers(schemas: Schemas, done: object): JsonObject {
  const refused = { description: "Refused", ...jsonContent(schemas.of(error, "output")) };
  return { 200: { description: "Done", ...done }, default: refused };
}

function jsonContent(schema: object): { readonly content: object } {
  return { content: { "application/json": { schema } } };
}
