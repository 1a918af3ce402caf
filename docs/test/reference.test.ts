import { readdirSync } from "node:fs";
import * as client from "@hutong/client";
import * as protocol from "@hutong/protocol";
import { actionCable, CLOSE_CODES, type CloseName, ERROR_CODES, phoenix } from "@hutong/protocol";
import * as server from "@hutong/server";
import * as node from "@hutong/server/node";
import { describe, expect, test } from "vitest";
import { quotedNames, sections, tableRows } from "./support/markdown.ts";
import { readText, REPOSITORY } from "./support/repository.ts";

/** The names that the first column of a text's tables holds. */
function firstNames(text: string): readonly string[] {
  return tableRows(text).flatMap(([cell = ""]) => quotedNames(cell).slice(0, 1));
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}

describe("errors.md", () => {
  const page = sections(readText("docs/reference/errors.md")).filter(({ level }) => level === 2);

  test("has one heading per error code, in the order of the table", () => {
    expect(page.map(({ title }) => title)).toEqual(Object.keys(ERROR_CODES));
  });

  test.each(Object.entries(ERROR_CODES))("says of %s what the table says", (code, { reason, retryable, summary }) => {
    const text = page.find(({ title }) => title === code)?.text;

    expect(text).toContain(`\n${summary}\n`);
    expect(text).toContain(`- Reason on the wire: \`${reason}\`\n`);
    expect(text).toContain(`- Retryable: ${yesOrNo(retryable)}\n`);
  });
});

describe("close-codes.md", () => {
  const rows = tableRows(readText("docs/reference/close-codes.md"));

  test("has one row per close code, in the order of the table", () => {
    expect(rows.map(([name = ""]) => quotedNames(name)[0])).toEqual(Object.keys(CLOSE_CODES));
  });

  test.each(Object.entries(CLOSE_CODES))("says of %s what the table and the grammars say", (name, row) => {
    const [, code, comesBack, summary, phoenixCode, cable] = rows.find(([cell]) => cell === `\`${name}\``) ?? [];

    expect({ code, comesBack, summary }).toEqual({
      code: String(row.code),
      comesBack: yesOrNo(row.reconnect),
      summary: row.summary,
    });
    expect({ phoenixCode, cable }).toEqual(farewellsOf(name as CloseName)); // the names of the table are its keys
  });
});

function farewellsOf(name: CloseName): { readonly phoenixCode: string; readonly cable: string } {
  const [stock, rails] = [phoenix, actionCable].map((grammar) => {
    const negotiation = grammar.negotiate({ vsn: "2.0.0", subprotocols: [] });
    return negotiation.kind === "agreed" ? negotiation.wireProtocol.farewell(name) : undefined;
  });
  const { reason, reconnect } = JSON.parse(String(rails?.frame)) as { reason: string; reconnect: boolean }; // what clients read
  return {
    phoenixCode: String(stock?.code),
    cable: `\`${reason}\`, ${yesOrNo(reconnect)}, ${String(rails?.code)}`,
  };
}

describe("limits.md", () => {
  const page = sections(readText("docs/reference/limits.md"));
  const defaults = numericExports({ ...server, ...node, ...client }, "DEFAULT_");

  test("sees the constants", () => {
    expect([...defaults.keys()].toSorted()).toEqual([
      "DEFAULT_CHANNEL_LIMITS",
      "DEFAULT_COMPRESSION",
      "DEFAULT_CONNECTION_LIMITS",
      "DEFAULT_HISTORY",
      "DEFAULT_LOAD_LIMITS",
      "DEFAULT_LONG_POLL_LIMITS",
      "DEFAULT_PRESENCE_LIMITS",
      "DEFAULT_RECONNECT",
      "DEFAULT_SERVER_LIMITS",
      "DEFAULT_SOCKET_OPTIONS",
    ]);
  });

  test.each([...defaults.keys()])("lists exactly the limits of %s, with their values", (constant) => {
    const tables = page
      .flatMap(({ text }) => splitTables(text))
      .filter(({ intro }) => intro.includes(`\`${constant}\``));
    const named = tables.flatMap(({ intro }) => quotedNames(intro).filter((name) => defaults.has(name)));

    const expected = Object.assign({}, ...named.map((name) => defaults.get(name)));

    expect(tables).toHaveLength(1);
    expect(valuesIn(tables[0]?.text ?? "")).toEqual(expected);
  });

  test("lists exactly the limits that the protocol fixes, with their values", () => {
    const text = page.find(({ title }) => title === "Fixed by the protocol")?.text ?? "";
    const limits = Object.entries(protocol).filter(([name]) => name.startsWith("MAX_"));

    expect(valuesIn(text)).toEqual(Object.fromEntries(limits));
  });

  test("lists the limits of tokens with the defaults of the verifier", () => {
    const text = page.find(({ title }) => title === "Tokens")?.text ?? "";
    const source = readText("packages/jwt/src/jwt-verifier.ts");

    const found = [...source.matchAll(/(clockToleranceSeconds|maxTokenLength) = ([\d_]+)/g)];

    expect(found).toHaveLength(2);
    expect(valuesIn(text)).toEqual(
      Object.fromEntries(found.map(([, name = "", value = ""]) => [name, Number(value.replaceAll("_", ""))])),
    );
  });
});

/** The exports with a prefix that are tables of numbers. */
function numericExports(exports: object, prefix: string): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const tables = Object.entries(exports).filter(
    ([name, value]) => name.startsWith(prefix) && typeof Object.values(value as object)[0] === "number", // every DEFAULT_ is an object
  );
  return new Map(tables);
}

/** The tables of a section, each with the prose before it. */
function splitTables(text: string): readonly { readonly intro: string; readonly text: string }[] {
  return [...text.matchAll(/((?:^(?!\|).*\n)*)((?:^\|.*\n?)+)/gm)].map(([, intro = "", table = ""]) => ({
    intro,
    text: table,
  }));
}

function valuesIn(text: string): Readonly<Record<string, number>> {
  const entries = tableRows(text).map(
    ([name = "", value = ""]) => [quotedNames(name)[0] ?? name, Number(value.replaceAll(",", ""))] as const,
  );
  return Object.fromEntries(entries);
}

describe("the pages of the protocols", () => {
  const clauses = JSON.parse(readText("packages/protocol/test/vectors/clauses.json")) as Record<
    string,
    { sentence: string }
  >; // protocol/test checks its shape

  test.each([
    ["phoenix.md", "PHX-"],
    ["action-cable.md", "CABLE-"],
  ])("%s has every clause once, word for word, and no other", (file, prefix) => {
    // A backslash keeps Markdown from taking underscores for emphasis.
    const page = readText(`docs/reference/protocols/${file}`).replaceAll("\\_", "_");
    const stated = [...page.matchAll(/^- \*\*([A-Z]+-\d+)\*\* (.*)$/gm)].map(([, id = "", sentence = ""]) => [
      id,
      sentence,
    ]);
    const wanted = Object.entries(clauses).filter(([id]) => id.startsWith(prefix));

    expect(wanted.length).toBeGreaterThan(30);
    expect(stated.toSorted(byNumber)).toEqual(wanted.map(([id, { sentence }]) => [id, sentence]));
  });
});

function byNumber([a = ""]: readonly string[], [b = ""]: readonly string[]): number {
  return Number(a.split("-")[1]) - Number(b.split("-")[1]);
}

describe("telemetry.md", () => {
  const page = sections(readText("docs/reference/telemetry.md"));
  const source = readText("packages/server/src/telemetry.ts");
  const eventSource = /export type TelemetryEvent =([^]*?);\n\n/.exec(source)?.[1] ?? "";

  test("has one row per kind of event, with its fields", () => {
    const members = eventSource.split("readonly kind: ").slice(1);
    const expected = members.map((member) => {
      const kind = /^"(\w+)"/.exec(member)?.[1];
      return [kind, ...[...member.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field)];
    });
    const rows = tableRows(page.find(({ title }) => title === "Events")?.text ?? "");

    expect(expected.length).toBeGreaterThan(8);
    expect(rows.map(([kind = "", fields = ""]) => [...quotedNames(kind), ...quotedNames(fields)])).toEqual(expected);
  });

  test("has one row per reason of a refusal", () => {
    const union = /export type ConnectionRefusal =([^]*?);/.exec(source)?.[1] ?? "";
    const reasons = [...union.matchAll(/"(\w+)"/g)].map(([, reason]) => reason);
    const text = page.find(({ title }) => title === "Why a connection is refused")?.text ?? "";

    expect(reasons.length).toBeGreaterThan(5);
    expect(firstNames(text)).toEqual(reasons);
  });
});

describe("environment.md", () => {
  test("has one row per variable that the chat reads", () => {
    const source = readText("apps/chat/src/config.ts");
    const read = new Set([...source.matchAll(/\b(?:PORT|HOST|HUTONG_[A-Z_]+)\b/g)].map(([name]) => name));
    const [page] = sections(readText("docs/reference/environment.md"));

    expect(firstNames(page?.text ?? "").toSorted()).toEqual([...read].toSorted());
  });

  test("has one row per command, and all their options", () => {
    const files = readdirSync(`${REPOSITORY}/apps/chat/src/cli`).map((file) => readText(`apps/chat/src/cli/${file}`));
    const named = files.map((source) =>
      [...source.matchAll(/meta: \{ name: "([\w-]+)"/g)].map(([, name = ""]) => name),
    );
    // A file of several commands names them by the last one, of which they are parts.
    const commands = named.flatMap((names) => {
      const group = names.at(-1);
      return names.length === 1 ? names : names.slice(0, -1).map((name) => `${group} ${name}`);
    });
    const options = files.flatMap((source) => [...source.matchAll(/\b(\w+): \{ type: "(?:string|boolean)"/g)]);
    const section = sections(readText("docs/reference/environment.md")).find(({ title }) => title === "Commands");
    const rows = tableRows(section?.text ?? "");
    const given = rows.flatMap(([, cell = ""]) => quotedNames(cell)).filter((name) => name.startsWith("--"));

    expect(commands.length).toBeGreaterThan(8);
    expect(firstNames(section?.text ?? "").toSorted()).toEqual(commands.toSorted());
    expect(given.toSorted()).toEqual(options.map(([, name]) => `--${name}`).toSorted());
  });

  test("has one row per option of the token command", () => {
    const source = readText("apps/chat/src/cli/token-command.ts");
    const names = [...source.matchAll(/\b(\w+): \{ type: "/g)].map(([, name]) => `--${name}`);
    const section = sections(readText("docs/reference/environment.md")).find(({ title }) => title === "Tokens");

    expect(names).toHaveLength(3);
    expect(firstNames(section?.text ?? "")).toEqual(names);
  });
});

describe("options.md", () => {
  const page = sections(readText("docs/reference/options.md"));

  test.each([
    ["packages/server/src/server.ts", "ServerOptions"],
    ["packages/server/src/node/listen.ts", "ListenOptions"],
    ["packages/server/src/node/node-mount.ts", "NodeMountOptions"],
    ["packages/server/src/channel/define-channel.ts", "ChannelSpec"],
    ["packages/server/src/channel/define-channel.ts", "CableOptions"],
    ["packages/server/src/channel/define-channel.ts", "HistoryOptions"],
    ["packages/client/src/options.ts", "SocketOptions"],
    ["packages/client/src/channel.ts", "ChannelOptions"],
    ["packages/client/src/push-options.ts", "PushOptions"],
  ])("has one row per member of the interface in %s: %s", (path, name) => {
    const body = new RegExp(`export interface ${name}\\b[^]*?\\{\\n([^]*?)\\n\\}`).exec(readText(path))?.[1] ?? "";
    const members = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member);
    const section = page.find(({ text }) => new RegExp(`\`${name}\`[.,]`).test(text));

    expect(members.length).toBeGreaterThan(1);
    expect(firstNames(section?.text ?? "")).toEqual(members);
  });
});
