import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import type { AuctionHouse, AuctionPlan, Person } from "./auction-house.ts";
import type { PageFile } from "./page-files.ts";
import type { Tokens } from "./tokens.ts";
import { MAX_AMOUNT } from "./wire.ts";

/** What the routes work with. */
export interface HttpParts {
  readonly house: AuctionHouse;
  readonly tokens: Tokens;
  readonly page: readonly PageFile[];
  readonly now: () => number;
  /** Opens an auction and gives its id. */
  readonly open: (sellerId: string, plan: AuctionPlan) => Promise<number>;
}

const MAX_BODY_BYTES = 4_096;
const MINUTE_MS = 60_000;

/** PostgreSQL keeps no text with the character U+0000. */
const text = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((given) => !given.includes("\u0000"));

const signIn = z.object({ name: text(30) });

const newAuction = z.object({
  title: text(120),
  startPrice: z.int().min(1).max(MAX_AMOUNT),
  step: z.int().min(1).max(MAX_AMOUNT),
  reserve: z.int().min(0).max(MAX_AMOUNT).default(0),
  minutes: z.number().min(0.5).max(10_080),
});

/** The usual course: it begins now, and bids in the last half minute move the end, for half an hour at most. */
export function planAuction(
  sale: Omit<z.output<typeof newAuction>, "minutes">,
  startAt: number,
  endAt: number,
): AuctionPlan {
  const [snipeMs, extendMs, hardEndAt] = [30_000, 30_000, endAt + 30 * MINUTE_MS];
  return { ...sale, currency: "CNY", startAt, endAt, snipeMs, extendMs, hardEndAt };
}

/**
 * The page, and what is not a channel's business: who somebody is, the deposit, and new auctions. Signing in with
 * nothing but a name stands for the accounts that you have.
 */
export function createHttp({ house, tokens, page, now, open }: HttpParts): Hono {
  const http = new Hono();
  http.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"], objectSrc: ["'none'"] } }));
  http.use(bodyLimit({ maxSize: MAX_BODY_BYTES }));
  const personOf = async (context: Context): Promise<Person | undefined> => {
    const [, token] = /^Bearer (.+)$/.exec(context.req.header("authorization") ?? "") ?? [];
    const holder = token === undefined ? undefined : await tokens.check(token);
    return holder && house.person(holder.personId);
  };
  http.get("/api/people/me", async (context) => {
    const person = await personOf(context);
    return person === undefined ? context.json({ error: "unauthorized" }, 401) : context.json({ name: person.name });
  });
  http.post("/api/people", async (context) => {
    const given = signIn.safeParse(await readJson(context));
    if (!given.success) return context.json({ error: "invalid" }, 400);
    const { id } = await house.register(given.data.name);
    return context.json({ token: await tokens.issue(id) }, 201);
  });
  http.post("/api/deposit", async (context) => {
    const person = await personOf(context);
    if (person === undefined) return context.json({ error: "unauthorized" }, 401);
    await house.payDeposit(person.id);
    return context.json({ hasDeposit: true });
  });
  http.get("/api/auctions/newest", async (context) => {
    const id = await house.newestId();
    return id === undefined ? context.json({ error: "not_found" }, 404) : context.json({ id });
  });
  http.post("/api/auctions", async (context) => {
    const person = await personOf(context);
    if (person === undefined) return context.json({ error: "unauthorized" }, 401);
    const given = newAuction.safeParse(await readJson(context));
    if (!given.success) return context.json({ error: "invalid" }, 400);
    const { minutes, ...sale } = given.data;
    const id = await open(person.id, planAuction(sale, now(), now() + Math.round(minutes * MINUTE_MS)));
    return context.json({ id }, 201);
  });
  for (const { path, type, text } of page)
    http.get(path, (context) => context.body(text, 200, { "content-type": type, "cache-control": "no-cache" }));
  return http;
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined; // not JSON, which no schema accepts
  }
}
