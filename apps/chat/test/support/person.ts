import { eventually } from "@hutong/testing";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { STEP_LIMIT_MS } from "./browser.ts";

/** The password of everybody. */
const PASSWORD = "correct horse battery";

/** Reads in the page what its databases keep of messages. */
const READ_KEPT = `async () => {
  const resultOf = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await resultOf(indexedDB.open(name));
    if (database.objectStoreNames.contains("texts"))
      texts.push(...(await resultOf(database.transaction("texts").objectStore("texts").getAll())));
    database.close();
  }
  return texts.join();
}`;

/** One person on the chat page, with a browser of its own. */
export class Person implements AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly username: string;
  /** What the page threw. */
  readonly errors: string[] = [];
  readonly #base: string;

  private constructor(context: BrowserContext, page: Page, { base, username }: { base: string; username: string }) {
    this.context = context;
    this.page = page;
    this.username = username;
    this.#base = base;
    page.setDefaultTimeout(STEP_LIMIT_MS);
    page.on("pageerror", (error) => this.errors.push(String(error)));
  }

  /** Makes an account on the page. */
  static async register(browser: Browser, base: string, nickname: string): Promise<Person> {
    const person = await Person.#open(browser, base, `${nickname.toLowerCase()}_account`);
    await person.page.getByRole("radio", { name: "Register" }).check({ force: true });
    await person.page.getByLabel("User name").fill(person.username);
    await person.page.getByLabel("Password").fill(PASSWORD);
    await person.page.getByLabel("Your name").fill(nickname);
    await person.page.getByRole("button", { name: "Make an account" }).click();
    await person.page.getByRole("navigation").waitFor();
    return person;
  }

  /** Comes in with the account that an `ApiClient` has made. */
  static async signIn(browser: Browser, base: string, username: string): Promise<Person> {
    const person = await Person.#open(browser, base, username);
    await person.page.getByRole("radio", { name: "Sign in" }).check({ force: true });
    await person.page.getByLabel("User name").fill(username);
    await person.page.getByLabel("Password").fill(PASSWORD);
    await person.page.getByRole("button", { name: "Sign in" }).click();
    await person.page.getByRole("navigation").waitFor();
    return person;
  }

  /** Comes in without an account. */
  static async visit(browser: Browser, base: string, nickname: string): Promise<Person> {
    const person = await Person.#open(browser, base, "");
    await person.comeIn(nickname);
    return person;
  }

  static async #open(browser: Browser, base: string, username: string): Promise<Person> {
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } });
    const person = new Person(context, await context.newPage(), { base, username });
    await person.page.goto(base);
    return person;
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message", exact: true });
  }

  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  /** Comes in without an account, where the gate is shown. */
  async comeIn(nickname: string): Promise<void> {
    await this.page.getByRole("radio", { name: "Visit" }).check({ force: true });
    await this.page.getByLabel("Your name").fill(nickname);
    await this.page.getByRole("button", { name: "Come in" }).click();
    await this.page.getByRole("navigation").waitFor();
  }

  /** Goes to a page of the chat by its address. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.#base}${path}`);
  }

  /** Writes a message and sends it. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Waits until a message with exactly this text stands in the open conversation. */
  hears(text: string, limitMs = STEP_LIMIT_MS): Promise<void> {
    return this.log.locator(".bubble-text").getByText(text, { exact: true }).waitFor({ timeout: limitMs });
  }

  /** What the browser's databases hold of messages, as text. */
  kept(): Promise<string> {
    return this.page.evaluate<string>(`(${READ_KEPT})()`);
  }

  /** Waits until the browser's database holds a message with this text. */
  async keeps(text: string): Promise<void> {
    await eventually(async () => (await this.kept()).includes(text), { limitMs: STEP_LIMIT_MS });
  }

  /** The row of a message. */
  row(text: string): Locator {
    return this.log.getByRole("article").filter({ hasText: text });
  }

  /** Opens the menu of a message and takes one of its choices. */
  async choose(text: string, action: string): Promise<void> {
    await this.row(text).locator(".bubble").click({ button: "right" });
    await this.page.getByRole("menuitem", { name: action }).click();
  }

  /** Opens a conversation from the list. */
  async open(title: string): Promise<void> {
    await this.page.getByRole("navigation").getByRole("button", { name: "Chats" }).click();
    await this.page.getByRole("list", { name: "Chats" }).getByRole("button").filter({ hasText: title }).click();
    await this.composer.waitFor();
  }

  /** Finds somebody, asks, and has the other one accept. */
  async befriend(other: Person): Promise<void> {
    await this.goTo("/?tab=contacts&page=add");
    await this.page.getByRole("searchbox", { name: "Name, user name, or a link" }).fill(other.username);
    await this.page.getByRole("button", { name: "Find" }).click();
    await this.page.getByRole("main").getByRole("listitem").getByRole("button").click();
    await this.page.getByRole("main").getByRole("button", { name: "Add a friend" }).click();
    await this.page.getByText("Asked. Waiting for an answer.").first().waitFor();
    await other.goTo("/?tab=contacts&page=requests");
    await other.page.getByRole("button", { name: "Accept" }).click();
    await other.page.getByText("Accepted").waitFor();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.context.close();
  }
}
