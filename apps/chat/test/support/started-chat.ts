import { writeFile } from "node:fs/promises";
import { CableClient, overWebSocket, PhoenixClient } from "@hutong/testing";
import type { TelemetryEvent } from "@hutong/server";
import { WebSocket } from "ws";
import { type Chat, type ChatOptions, startChat } from "../../src/app.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { loadSecret } from "../../src/secret.ts";
import { createTokens, type Tokens } from "../../src/tokens.ts";
import { createTemporaryFolder, orRemove } from "./temporary-folder.ts";

/** The page that a {@link StartedChat} serves. */
export const PAGE = "<!doctype html><title>A page</title>";

/** A chat on a free port, with folders of its own. */
export interface StartedChat extends AsyncDisposable {
  readonly chat: Chat;
  readonly config: Config;
  /** The chat's own tokens, signed with its secret. */
  readonly tokens: Tokens;
  /** What the chat reported, in order. */
  readonly events: readonly TelemetryEvent[];
  /** Opens a Phoenix connection; `token` travels as the newest phoenix.js sends it. */
  phoenix(token?: string): Promise<PhoenixClient>;
  /** Opens an Action Cable connection and takes its welcome. */
  cable(token?: string): Promise<CableClient>;
}

/** Starts a chat; a telemetry of the options still hears what is recorded. */
export async function startTestChat(overrides: Partial<Config> = {}, options: ChatOptions = {}): Promise<StartedChat> {
  const folder = await createTemporaryFolder();
  await writeFile(folder.at("index.html"), PAGE);
  const paths = { dataFolder: folder.at("data"), pageFolder: folder.path };
  const operations = {
    logLevel: "silent",
    drainDelayMs: 0,
    admin: { hasInspector: true, token: undefined },
  } as const;
  const databaseUrl = `sqlite:${folder.at("data/chat.db")}`;
  const config: Config = {
    ...readConfig({ HUTONG_PHONE: "off" }),
    // Tests say in a moment what people say in minutes.
    sendsPerSecond: 10_000,
    port: 0,
    databaseUrl,
    ...operations,
    ...paths,
    ...overrides,
  };
  const events: TelemetryEvent[] = [];
  const telemetry = (event: TelemetryEvent): void => {
    events.push(event);
    options.telemetry?.(event);
  };
  const chat = await orRemove(folder, startChat(config, { ...options, telemetry }));
  const address = chat.url.replace(/^http/, "ws");
  return {
    chat,
    config,
    events,
    tokens: createTokens(await loadSecret(config.dataFolder), options.clock),
    phoenix: (token) => {
      const bearer = token === undefined ? [] : [`base64url.bearer.phx.${toBase64(token)}`];
      const webSocket = new WebSocket(`${address}/socket/websocket?vsn=2.0.0`, ["phoenix", ...bearer]);
      return overWebSocket(webSocket, (link) => new PhoenixClient(link));
    },
    cable: async (token) => {
      const bearer = token === undefined ? [] : [`anycable-token.${token}`];
      const webSocket = new WebSocket(`${address}/cable`, ["actioncable-v1-json", ...bearer]);
      const client = await overWebSocket(webSocket, (link) => new CableClient(link));
      await client.next((message) => hasType(message, "welcome"));
      return client;
    },
    async [Symbol.asyncDispose]() {
      await chat.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Tells whether an Action Cable message is one of the grammar itself, of this type. */
export function hasType(message: unknown, type: string): boolean {
  return typeof message === "object" && message !== null && "type" in message && message.type === type;
}

function toBase64(token: string): string {
  return Buffer.from(token).toString("base64").replaceAll("=", "");
}
