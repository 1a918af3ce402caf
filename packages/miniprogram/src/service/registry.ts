import {
  Behavior as FrameworkBehavior,
  type ComponentSpace,
  type GeneralBehavior,
  type GeneralComponent,
} from "glass-easel";
import { type CodeSpace, MiniProgramEnv, type types } from "glass-easel-miniprogram-adapter";
import type { CompiledProject } from "../compiler/compiled-project.ts";
import { resolvePath } from "../compiler/paths.ts";
import { isRecord } from "../is-record.ts";
import { BUILT_IN_PROPERTIES, builtInProperties } from "./built-in-properties.ts";
import { ModuleLoader, type ModuleScope } from "./module-loader.ts";
import { evaluate } from "./evaluate.ts";
import { componentBehind } from "./component-methods.ts";
import { pageDefinition } from "./page-definition.ts";
import { withPlainProperties } from "./plain-properties.ts";
import { ViewElement } from "./view-element.ts";

/** Name of the built-in behavior of fields. */
const FORM_FIELD = "wx://form-field";

type Definition = types.GeneralComponentDefinition;

/** Called with what the script of a page or component threw. */
type Failed = (error: unknown, path: string) => void;

/**
 * The pages and components of one project. A script that calls `Page` or `Component` registers the path that
 * is being loaded, also when the call stands in a library: so every module gets the same functions.
 */
export class Registry {
  readonly #project: CompiledProject;
  readonly #failed: Failed;
  readonly #environment: MiniProgramEnv;
  readonly #space: CodeSpace;
  readonly #loader: ModuleLoader;
  readonly #registered = new Set<string>();
  readonly #madeByComponent = new Set<string>();
  readonly #namedBehaviors = new Map<string, unknown>();
  readonly #watching: GeneralBehavior;
  readonly #hiding: GeneralBehavior;
  #attached: GeneralComponent[] = [];
  #loading: { readonly path: string; isDone: boolean } | undefined;

  /** Defines the built-in elements; loads nothing of the project. */
  constructor(project: CompiledProject, scope: ModuleScope, failed: Failed) {
    this.#project = project;
    this.#failed = failed;
    this.#environment = new MiniProgramEnv();
    this.#space = this.#environment.createCodeSpace("", true);
    const { space, using } = defineBuiltIns(this.#environment, this.#space);
    for (const [tag, component] of using) space.setGlobalUsingComponent(tag, component);
    this.#watching = this.#watchingBehavior(space).registerBehavior();
    this.#hiding = this.#hidingBehavior(space);
    this.#addTemplatesAndStyles();
    this.#loader = new ModuleLoader(project, { ...scope, ...this.#constructors() });
  }

  /** Creates pages in this environment. */
  get environment(): MiniProgramEnv {
    return this.#environment;
  }

  /** Where the components are registered. */
  get space(): CodeSpace {
    return this.#space;
  }

  /** Runs app.js; a project without one has nothing to run. */
  loadApp(): void {
    if (this.#loader.has("app")) this.#load("app");
  }

  /** Registers a page or component, after those that it uses. */
  register(path: string): void {
    if (this.#registered.has(path)) return;
    this.#registered.add(path);
    const settings = this.#project.components[path] ?? {};
    const using = isRecord(settings["usingComponents"]) ? Object.values(settings["usingComponents"]) : [];
    for (const component of using) this.register(String(component).replace(/^\//, ""));
    for (const generic of Object.values(isRecord(settings["componentGenerics"]) ? settings["componentGenerics"] : {})) {
      if (isRecord(generic)) this.register(String(generic["default"]).replace(/^\//, ""));
    }
    const loading = { path, isDone: false };
    const outer = this.#loading;
    this.#loading = loading;
    if (this.#loader.has(path)) this.#load(path);
    // A page without a script, or with a broken one, still shows its template.
    if (!loading.isDone) this.#defineComponent({});
    this.#loading = outer;
  }

  /** Whether the script of a page or component called `Component`, which makes properties of a page's parameters. */
  isComponent(path: string): boolean {
    return this.#madeByComponent.has(path);
  }

  /** Whether a component has the built-in behavior that makes it a field of forms. */
  isFormField(component: GeneralComponent): boolean {
    const behavior: unknown = this.#namedBehaviors.get(FORM_FIELD);
    const inner: unknown = isRecord(behavior) ? behavior["_$"] : undefined;
    return inner instanceof FrameworkBehavior && component.hasBehavior(inner);
  }

  #load(path: string): void {
    try {
      this.#loader.load(path);
    } catch (error) {
      this.#failed(error, path);
    }
  }

  #constructors(): ModuleScope {
    return {
      Page: (definition: unknown) => this.#definePage(definition),
      Component: (definition: unknown) => this.#defineComponent(definition),
      Behavior: (definition: unknown) => this.#defineBehavior(definition),
    };
  }

  #definePage(definition: unknown): void {
    const { fields, component } = pageDefinition(isRecord(definition) ? definition : {});
    this.#define(component, (builder) => {
      builder.init(function assignFields() {
        Object.assign(this, fields());
      });
    });
  }

  #defineComponent(definition: unknown): void {
    if (this.#loading?.isDone === false) this.#madeByComponent.add(this.#loading.path);
    this.#define(isRecord(definition) ? definition : {}, () => {});
  }

  #define(definition: Definition, extend: (builder: ReturnType<CodeSpace["component"]>) => void): void {
    const loading = this.#loading;
    if (loading === undefined || loading.isDone) return;
    this.#applyIsolation(loading.path, definition);
    this.#space.setOverallBehavior(
      takesHidden(this.#project, loading.path, definition) ? this.#hiding : this.#watching,
    );
    const builder = this.#space.component(loading.path);
    builder.definition(this.#withBehaviors(definition));
    extend(builder);
    builder.register();
    loading.isDone = true;
  }

  #defineBehavior(definition: unknown): unknown {
    const known = this.#withBehaviors(isRecord(definition) ? definition : {});
    return this.#space.behavior().definition(known).register();
  }

  /** The adapter reads style isolation only from settings; projects may also name it in their scripts. */
  #applyIsolation(path: string, definition: Definition): void {
    const options: unknown = definition.options;
    if (!isRecord(options)) return;
    const settings = this.#project.components[path] ?? {};
    this.#space.addComponentStaticConfig(path, {
      ...settings,
      ...(options["addGlobalClass"] === true && { addGlobalClass: true }),
      ...(typeof options["styleIsolation"] === "string" && {
        styleIsolation: options["styleIsolation"] as types.StyleIsolation,
      }),
    });
  }

  /** Built-in behaviors have names; what they do for forms is done by the elements themselves. */
  #withBehaviors(definition: Definition): Definition {
    const own = withPlainProperties(definition);
    const behaviors: unknown = definition.behaviors;
    if (!Array.isArray(behaviors)) return own;
    const resolved = behaviors.filter(Boolean).map((behavior: unknown) => {
      if (typeof behavior !== "string") return behavior;
      const known = this.#namedBehaviors.get(behavior) ?? this.#defineBehavior(builtInBehavior(behavior));
      this.#namedBehaviors.set(behavior, known);
      return known;
    });
    return { ...own, behaviors: resolved } as Definition;
  }

  #watchingBehavior(space: ComponentSpace) {
    const attached = (component: GeneralComponent): void => this.#attachedLater(component);
    return space.define().lifetime("attached", function report() {
      const component = componentBehind(this);
      if (component !== undefined) attached(component);
    });
  }

  /** The framework leaves `ready` to its surroundings: it follows the turn in which a component was attached. */
  #attachedLater(component: GeneralComponent): void {
    if (this.#attached.length === 0) {
      void Promise.resolve().then(() => {
        const attached = this.#attached.toReversed();
        this.#attached = [];
        for (const one of attached) one.triggerLifetime("ready", []);
      });
    }
    this.#attached.push(component);
  }

  /** `hidden` works on every element, also on components that know nothing of it. */
  #hidingBehavior(space: ComponentSpace) {
    const hidden = {
      type: null,
      value: null,
      observer(this: unknown, value: unknown) {
        const element = componentBehind(this)?.getBackendElement();
        if (element instanceof ViewElement) element.setAttribute("hidden", value);
      },
    };
    return this.#watchingBehavior(space).property("hidden", hidden).registerBehavior();
  }

  #addTemplatesAndStyles(): void {
    const { components, styles, templates } = this.#project;
    const groups = evaluate(templates, "templates.js");
    for (const [path, settings] of Object.entries(components)) {
      this.#space.addComponentStaticConfig(path, settings);
      const content: unknown = isRecord(groups) ? groups[path] : undefined;
      // The compiler of the framework made both: the list of all templates, and one of them.
      if (content !== undefined) this.#space.addCompiledTemplate(path, { groupList: groups, content } as never);
      this.#space.addStyleSheet(path, Object.hasOwn(styles, path) ? path : undefined, scopeNameOf(path));
    }
    if (Object.hasOwn(styles, "app")) this.#space.addStyleSheet("app", "app");
  }
}

/** A page is never hidden, and a field of the project's own keeps its meaning. */
function takesHidden({ config }: CompiledProject, path: string, { data, properties }: Definition): boolean {
  const isOwn = [data, properties].some((fields: unknown) => isRecord(fields) && "hidden" in fields);
  return !isOwn && !config.pages.includes(path);
}

/** Short names of paths: the scope of a component stands before each of its classes. */
function scopeNameOf(path: string): string {
  return path.replace(/[^a-zA-Z0-9_-]/g, "_");
}

/** Properties that name a file. */
const ADDRESSES: ReadonlySet<string> = new Set(["poster", "src"]);

/** A relative path starts at the component whose template names it; a view knows only its page. */
function fromRoot(value: unknown, owner: string): unknown {
  const isRelative = typeof value === "string" && value !== "" && !/^(?:\/|[a-z][a-z0-9+.-]*:)/i.test(value);
  return isRelative ? `/${resolvePath(owner, value)}` : value;
}

function builtInBehavior(name: string): Definition {
  if (name !== FORM_FIELD) return {};
  return { properties: { name: String, value: null } };
}

function defineBuiltIns(environment: MiniProgramEnv, codeSpace: CodeSpace) {
  const globalSpace = environment.getGlobalCodeSpace().getComponentSpace();
  const using = Object.keys(BUILT_IN_PROPERTIES).map((tag) => {
    const builder = globalSpace.define(`built-in:${tag}`).options({
      hostNodeTagName: `wx-${tag}`,
    });
    for (const name of builtInProperties(tag)) {
      builder.property(name, {
        type: null,
        value: null,
        // The framework's own way to attributes makes text of every value.
        observer(this: unknown, value: unknown) {
          const component = componentBehind(this);
          const element = component?.getBackendElement();
          if (!(element instanceof ViewElement)) return;
          const owner = component?.ownerShadowRoot?.getHostNode().is ?? "";
          element.setAttribute(name, ADDRESSES.has(name) ? fromRoot(value, owner) : value);
        },
      });
    }
    return [tag, builder.registerComponent()] as const;
  });
  return { space: codeSpace.getComponentSpace(), using };
}
