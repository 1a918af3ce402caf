import type { Page } from "../state/page.ts";

/** What every view of the page is given. */
export interface PageProps {
  readonly page: Page;
}
