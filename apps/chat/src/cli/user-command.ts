import { createInterface } from "node:readline/promises";
import { accountActions } from "@hutong/chat-api";
import { defineCommand } from "citty";
import { z } from "zod";
import { StartError } from "../config.ts";
import { escapeControls } from "../operations/escape-controls.ts";
import { defineStrictCommand } from "./strict-command.ts";
import { accountOf, withUsers } from "./with-users.ts";

const who = { type: "positional", required: true, description: "User name or id" } as const;
const PAGE = 500;

const list = defineStrictCommand({
  meta: { name: "list", description: "List accounts and visitors, the oldest first." },
  run: () =>
    withUsers(async (users) => {
      for (let after = ""; ;) {
        const page = await users.list({ after, limit: PAGE });
        for (const { id, kind, username, nickname, status, createdAt } of page) {
          const fields = [id, kind, status, username ?? "-", nickname, new Date(createdAt).toISOString()];
          console.log(fields.map(escapeControls).join("\t"));
        }
        const last = page.at(-1);
        if (page.length < PAGE || last === undefined) return;
        after = last.id;
      }
    }),
});

const add = defineStrictCommand({
  meta: { name: "add", description: "Make an account; the password is read from standard input." },
  args: {
    username: { type: "positional", required: true, description: "4 to 20 letters, digits or underscores" },
    nickname: { type: "string", description: "What others see; the user name without it" },
  },
  run: ({ args: { username, nickname } }) =>
    withUsers(async (users) => {
      const { shape } = accountActions.register.input;
      const name = checked(shape.username.safeParse(username), "user name");
      const shown = checked(shape.nickname.safeParse(nickname), "nickname");
      const password = checked(shape.password.safeParse(await readLine()), "password");
      console.log(await users.add({ username: name, password, ...(shown !== undefined && { nickname: shown }) }));
    }),
});

const setPassword = defineStrictCommand({
  meta: { name: "set-password", description: "Set a password, read from standard input; all sessions end." },
  args: { who },
  run: (context) =>
    withUsers(async (users) => {
      const { shape } = accountActions.change_password.input;
      const password = checked(shape.newPassword.safeParse(await readLine()), "password");
      await users.setPassword({ userId: await accountOf(users, context.args.who), actorId: null }, password);
    }),
});

const ban = defineStrictCommand({
  meta: { name: "ban", description: "Disable an account; its connections end within a second." },
  args: { who, reason: { type: "string", default: "", description: "For the audit" } },
  run: ({ args }) =>
    withUsers(async (users) =>
      users.ban({ userId: await accountOf(users, args.who), actorId: null, detail: args.reason }),
    ),
});

const unban = defineStrictCommand({
  meta: { name: "unban", description: "Enable an account again." },
  args: { who },
  run: ({ args }) =>
    withUsers(async (users) => users.unban({ userId: await accountOf(users, args.who), actorId: null })),
});

/** `hutong user …`: works beside a running chat, which notices within a second. */
export const userCommand = defineCommand({
  meta: { name: "user", description: "Look after accounts." },
  subCommands: { list, add, "set-password": setPassword, ban, unban },
});

function checked<TValue>(result: z.ZodSafeParseResult<TValue>, what: string): TValue {
  if (result.success) return result.data;
  throw new StartError(`The ${what} does not fit. ${z.prettifyError(result.error)}`);
}

/** One line of standard input: a password on a command line would stand in the shell's history. */
async function readLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  return "";
}
