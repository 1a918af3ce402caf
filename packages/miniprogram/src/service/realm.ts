import { addGlobalWarningListener, globalOptions } from "glass-easel";
import { installComponentMethods } from "./component-methods.ts";
import { shapeEvents } from "./event-shape.ts";
import { installTemplateScripts } from "./template-scripts.ts";

let isPrepared = false;

/** Changes of the framework that hold for all services of a realm; repeating them changes nothing. */
export function prepareRealm(): void {
  // Properties of components may be called like fields of nodes, `dataset` for one.
  globalOptions.writeFieldsToNode = false;
  globalOptions.writeIdToDOM = true;
  // The framework warns about what WeChat lets pass, keys that are not unique for one.
  if (!isPrepared) addGlobalWarningListener(() => false);
  isPrepared = true;
  shapeEvents();
  installComponentMethods();
  installTemplateScripts();
}
