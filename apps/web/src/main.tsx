import "./style/index.css";

import { render } from "preact";

import { createPage } from "./state/page.ts";
import { showUnreadInTitle } from "./state/unread.ts";
import { App } from "./views/app.tsx";

const container = document.querySelector("#page");
if (container === null) throw new TypeError('the document has no element with the id "page"');

const page = createPage();
showUnreadInTitle(page);
render(<App page={page} />, container);
