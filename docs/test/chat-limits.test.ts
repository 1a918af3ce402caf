import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ConstantValue, readConstant } from "./support/constants.ts";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText, REPOSITORY } from "./support/repository.ts";

const SOURCE = "apps/chat/src";
const page = sections(readText("docs/reference/limits.md"));

/** The tables of constants: title of the section, file below apps/chat/src, constant. */
const TABLES = [
  ["Accounts", "accounts/account-options.ts", "DEFAULT_ACCOUNT_OPTIONS"],
  ["Friends", "friends/friend-limits.ts", "FRIEND_LIMITS"],
  ["Groups", "groups/group-limits.ts", "GROUP_LIMITS"],
  ["Changes of messages", "messages/message-rules.ts", "DEFAULT_MESSAGE_RULES"],
  ["Files", "files/file-options.ts", "DEFAULT_FILE_OPTIONS"],
] as const;

/** The rows of the sections whose limits are constants of their own: what the row says, file, constant. */
const ROWS = {
  "Fixed by the chat": [
    ["body of a call over HTTP, of wafer and WeChat too", "http/read-body.ts", "MAX_BODY_BYTES"],
    ["time for that body", "http/read-body.ts", "BODY_TIMEOUT_MS"],
    ["time for a request, uploads included", "app.ts", "UPLOAD_TIMEOUT_MS"],
    ["length of an idempotency key", "http/idempotent-calls.ts", "MAX_KEY_LENGTH"],
    ["life of the answer under it", "http/idempotent-calls.ts", "RETENTION_MS"],
    ["addresses and accounts with a rate", "accounts/rates.ts", "MAX_BUCKETS"],
    ["time between two heartbeats", "services.ts", "HEARTBEAT_MS"],
    ["events in a `sync`", "sync/user-log.ts", "MAX_EVENTS"],
    ["life of an event", "sync/user-log.ts", "RETENTION_MS"],
    ["changes in a `pull_changes`", "messages/read-messages.ts", "MAX_CHANGES"],
    ["messages in one commit", "messages/sql-message-store.ts", "MAX_BATCH"],
    ["messages that wait for theirs", "messages/sql-message-store.ts", "MAX_WAITING"],
    ["seconds of sending that may come at once", "messages/paced-message-store.ts", "SENDER_BURST_SECONDS"],
    ["senders' worth of messages in a conversation", "messages/paced-message-store.ts", "CONVERSATION_SENDERS"],
    ["seconds of that that may come at once", "messages/paced-message-store.ts", "CONVERSATION_BURST_SECONDS"],
    ["copies that one sender forwards at once", "messages/paced-message-store.ts", "FORWARD_BURST"],
    ["senders, and conversations, with a rate", "messages/paced-message-store.ts", "MAX_KEYS"],
    ["members who are told how far others have read", "conversations/marks.ts", "MAX_TOLD_MEMBERS"],
    ["members who are told who types", "conversations/typing.ts", "MAX_TOLD_MEMBERS"],
    ["time between two signs of typing", "conversations/typing.ts", "INTERVAL_MS"],
    ["users in an answer of `search_users`", "accounts/search-users.ts", "MAX_FOUND"],
    ["time without a connection", "presence/online-users.ts", "GRACE_MS"],
    ["age of what rooms store", "config.ts", "DEFAULT_ROOM_RETENTION_DAYS"],
    ["frames of a recording", "inspector/trace.ts", "MAX_TRACED_FRAMES"],
    ["size of its frames that wait", "inspector/trace.ts", "MAX_TRACED_BYTES"],
    ["length of a recording", "inspector/trace.ts", "MAX_TRACE_MS"],
  ],
  "Mini-programs of wafer and panda": [
    ["code of a login", "wafer/session.ts", "MAX_WAFER_LENGTHS.code"],
    ["`encryptedData`", "wafer/session.ts", "MAX_WAFER_LENGTHS.encryptedData"],
    ["`iv`", "wafer/session.ts", "MAX_WAFER_LENGTHS.iv"],
    ["id of a session", "wafer/session.ts", "MAX_WAFER_LENGTHS.id"],
    ["`skey`", "wafer/session.ts", "MAX_WAFER_LENGTHS.skey"],
    ["life of a login", "wafer/wafer-sessions.ts", "WAFER_SESSION_MS"],
    ["logins of one user", "wafer/wafer-sessions.ts", "MAX_SESSIONS"],
    ["frame of a connection", "wafer/wafer.ts", "LIMITS.maxFrameBytes"],
    ["malformed frames of a connection", "wafer/wafer.ts", "LIMITS.maxMalformedFrames"],
    ["frame of the tunnel", "wafer/tunnel-frame.ts", "MAX_TUNNEL_FRAME_LENGTH"],
    ["name of an event", "wafer/tunnel-frame.ts", "MAX_EVENT_LENGTH"],
    ["frame of panda's room", "panda/room-frame.ts", "MAX_ROOM_FRAME_LENGTH"],
    ["text in panda's room", "panda/room-frame.ts", "MAX_ROOM_TEXT_LENGTH"],
    ["address of a picture", "panda/room-frame.ts", "MAX_ROOM_URL_LENGTH"],
    ["nesting of JSON", "wafer/read-json.ts", "MAX_JSON_DEPTH"],
  ],
  "WeChat's servers": [
    ["code that is asked about", "wechat/code-to-session.ts", "MAX_CODE_LENGTH"],
    ["data that is decrypted", "wechat/encrypted-data.ts", "MAX_ENCRYPTED_LENGTH"],
    ["age of its watermark", "wechat/encrypted-data.ts", "DEFAULT_MAX_AGE_MS"],
    ["time for an answer of WeChat's", "wechat/wechat-api.ts", "DEFAULT_WECHAT_API.limitMs"],
    ["age of a push", "wechat/media-check-callback.ts", "MAX_AGE_MS"],
    ["XML of a push", "wechat/push-xml.ts", "MAX_XML_LENGTH"],
    ["nesting of its elements", "wechat/push-xml.ts", "MAX_DEPTH"],
  ],
} as const;

/** Constants that look like limits and are none: what a new account decides about itself. */
const NO_LIMITS = ["DEFAULT_SETTINGS"];

/** The cells of a section's rows, the one that says what happens beyond the limit left out. */
function rowsOf(title: string): readonly (readonly string[])[] {
  return tableRows(page.find((section) => section.title === title)?.text ?? "").map((row) => row.slice(0, -1));
}

/** Its numbers, also those of objects within, by their names with dots. */
function numbersIn(value: ConstantValue, prefix = ""): readonly (readonly [string, number])[] {
  if (typeof value === "number") return [[prefix, value]];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, prefix === "" ? key : `${prefix}.${key}`));
}

function toNumber(cell = ""): number {
  return Number(cell.replaceAll(",", ""));
}

describe("limits.md says of the chat", () => {
  test.each(TABLES)("under %s what %s has in %s", (title, file, constant) => {
    const rows = rowsOf(title).filter((row) => row.length === 3);

    const stated = rows.map(([name = "", value]) => [quotedNames(name)[0], toNumber(value)]);

    expect(stated.length).toBeGreaterThan(2);
    expect(stated).toEqual(numbersIn(readConstant(`${SOURCE}/${file}`, constant)));
  });

  test("the rate of every action", () => {
    const stated = rowsOf("How often accounts may call").map(([name = "", ...numbers]) => [
      quotedNames(name)[0],
      ...numbers.map(toNumber),
    ]);

    const rates = readConstant(`${SOURCE}/accounts/rates.ts`, "DEFAULT_RATES");

    expect(stated.length).toBeGreaterThan(5);
    expect(stated).toEqual(
      Object.entries(typeof rates === "object" ? rates : {}).map(([action, rate]) => [
        action,
        ...["address.burst", "address.perMinute", "account.burst", "account.perMinute"].map(
          (name) => new Map(numbersIn(rate)).get(name) ?? "missing",
        ),
      ]),
    );
  });

  test.each(Object.entries(ROWS))("under %s what the constants say", (title, constants) => {
    const stated = rowsOf(title).map(([what, value]) => [what, toNumber(value)]);

    expect(stated).toEqual(
      constants.map(([what, file, constant]) => [what, readConstant(`${SOURCE}/${file}`, constant)]),
    );
  });

  test("something of every exported constant that is a limit", () => {
    const files = readdirSync(`${REPOSITORY}/${SOURCE}`, { recursive: true, encoding: "utf8" });
    const exported = files
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => [
        ...readText(`${SOURCE}/${file}`).matchAll(/^export const ((?:DEFAULT|MAX)_\w+|\w+_LIMITS)\b/gm),
      ])
      .map(([, name]) => name);
    const compared = [
      ...TABLES.map(([, , constant]) => constant),
      "DEFAULT_RATES",
      ...Object.values(ROWS).flatMap((rows) => rows.map(([, , constant]) => constant.replace(/\..*/, ""))),
    ];

    expect(exported.length).toBeGreaterThan(10);
    expect(exported.filter((name) => !compared.includes(name ?? "") && !NO_LIMITS.includes(name ?? ""))).toEqual([]);
  });
});
