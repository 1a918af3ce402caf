import "../style/inspector/index.css";

import { render } from "preact";

import { systemClock } from "../clock.ts";
import { createPreferences } from "../state/preferences.ts";
import { createInspector } from "./inspector.ts";
import { InspectorApp } from "./views/inspector-app.tsx";

const container = document.querySelector("#inspector");
if (container === null) throw new TypeError('the document has no element with the id "inspector"');

render(<InspectorApp inspector={createInspector(systemClock, createPreferences())} />, container);
