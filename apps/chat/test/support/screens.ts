import type { Page } from "playwright-core";

/** What of the chat is looked at, and how somebody gets there who is signed in. */
export interface Screen {
  readonly name: string;
  /** `{direct}` and `{group}` stand for the ids of conversations. */
  readonly path: string;
  /** What is pressed there. */
  readonly act?: (page: Page) => Promise<void>;
  /** What is then there. */
  readonly shows: (page: Page) => ReturnType<Page["locator"]>;
}

const menuOf = (text: string) => (page: Page) =>
  page.locator(".bubble").filter({ hasText: text }).click({ button: "right" });

/** Opens the menu of a message and takes one of its choices. */
const choose = (text: string, action: string) => async (page: Page) => {
  await menuOf(text)(page);
  await page.getByRole("menuitem", { name: action }).click();
};

const press = (name: string) => (page: Page) => page.getByRole("button", { name, exact: true }).click();

const heading = (name: string) => (page: Page) => page.getByRole("heading", { name, exact: true });

const dialog = (page: Page) => page.getByRole("dialog");

const composer = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });

/** The screens of somebody who has a friend, a group and something that was said. */
export const SCREENS: readonly Screen[] = [
  { name: "the list", path: "/", shows: (page) => page.getByRole("list", { name: "Chats" }) },
  { name: "what can be begun", path: "/", act: press("New chat"), shows: (page) => page.getByRole("menu") },
  {
    name: "a search",
    path: "/",
    act: (page) => page.getByRole("searchbox", { name: "Search" }).fill("hotpot"),
    shows: (page) => page.locator("mark").first(),
  },
  { name: "a talk", path: "/?c={direct}", shows: (page) => page.getByText("Read", { exact: true }) },
  { name: "a message's menu", path: "/?c={direct}", act: menuOf("at six"), shows: (page) => page.getByRole("menu") },
  { name: "a reaction", path: "/?c={direct}", act: choose("at six", "React"), shows: dialog },
  { name: "forwarding", path: "/?c={direct}", act: choose("at six", "Forward"), shows: dialog },
  {
    name: "several messages",
    path: "/?c={direct}",
    act: choose("at six", "Choose several"),
    shows: (page) => page.getByText("1 chosen"),
  },
  {
    name: "an answer",
    path: "/?c={direct}",
    act: choose("at six", "Reply"),
    shows: (page) => page.getByText("Reply to"),
  },
  {
    name: "emoji",
    path: "/?c={direct}",
    act: press("Emoji"),
    shows: (page) => page.getByRole("group", { name: "Emoji" }),
  },
  {
    name: "a name that is completed",
    path: "/?c={group}",
    act: (page) => composer(page).fill("@"),
    shows: (page) => page.getByRole("listbox"),
  },
  { name: "the details of a person", path: "/?c={direct}&panel=details", shows: heading("Details") },
  { name: "the settings of a group", path: "/?c={group}&panel=details", shows: heading("Group settings") },
  { name: "a question", path: "/?c={group}&panel=details", act: press("Dismiss the group"), shows: dialog },
  { name: "a search in a talk", path: "/?c={direct}&panel=search", shows: heading("Search in this chat") },
  { name: "a talk that is not there", path: "/?c=none", shows: (page) => page.getByText("It is not there") },
  {
    name: "the contacts",
    path: "/?tab=contacts",
    shows: (page) => page.getByRole("searchbox", { name: "Search friends" }),
  },
  {
    name: "adding a friend",
    path: "/?tab=contacts&page=add",
    shows: (page) => page.getByRole("img", { name: "Your link" }),
  },
  { name: "requests", path: "/?tab=contacts&page=requests", shows: heading("Requests") },
  { name: "a new group", path: "/?tab=contacts&page=new-group", shows: heading("Choose friends") },
  { name: "the settings", path: "/?tab=settings", shows: heading("Settings") },
  { name: "the profile", path: "/?tab=settings&page=profile", shows: heading("Profile") },
  { name: "privacy", path: "/?tab=settings&page=privacy", shows: heading("Privacy") },
  { name: "devices", path: "/?tab=settings&page=devices", shows: (page) => page.getByText("This device") },
  { name: "the password", path: "/?tab=settings&page=password", shows: heading("Change password") },
  { name: "the lobby's page", path: "/lobby?name=Ada", shows: (page) => page.getByRole("log") },
  { name: "the inspector", path: "/inspector", shows: (page) => page.getByRole("table").or(page.getByRole("heading")) },
];
