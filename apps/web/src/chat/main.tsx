import "../style/chat/index.css";

import { render } from "preact";

import { createChatPage } from "./page/chat-page.ts";
import { App } from "./views/app.tsx";

const container = document.querySelector("#page");
if (container === null) throw new TypeError('the document has no element with the id "page"');

render(<App page={await createChatPage()} />, container);
