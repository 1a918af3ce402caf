import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { clientNameOf, MAX_FRAME_BYTES, WebSocketBus } from "../bus/web-socket-bus.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { CompiledProject } from "../compiler/compiled-project.ts";
import { ProjectCompiler } from "../compiler/compiler.ts";
import { type Diagnostic, formatDiagnostic } from "../compiler/diagnostic.ts";
import { textOf } from "../is-record.ts";
import type { HostMap } from "./address-guard.ts";
import { type Bundles, buildBundles } from "./bundles.ts";
import { contentTypeOf } from "./content-type.ts";
import { parseDevice } from "./device.ts";
import {
  decodePath,
  type Exchange,
  isOwnOrigin,
  parseJson,
  readBody,
  refuse,
  send,
  sendBytes,
  sendJson,
  urlOf,
} from "./exchange.ts";
import { KeptData } from "./kept-data.ts";
import { phonePage, servicePage, viewPage } from "./pages-html.ts";
import { ProjectFolder } from "./project-folder.ts";
import { Session } from "./session.ts";
import { type WechatAccount, WechatAccounts } from "./wechat-accounts.ts";

/** Options of {@link createRunner}. */
export interface RunnerOptions {
  /** Folder of the project. */
  readonly project: string;
  /** Path under which everything is served, without a slash at the end. @defaultValue `""` */
  readonly basePath?: string;
  /** Where hosts that the project names lead. @defaultValue nowhere */
  readonly map?: HostMap;
  /** Gives the user of a phone. @defaultValue people of the runner's own small WeChat */
  readonly account?: (deviceId: string) => WechatAccount;
  /** Whether a changed file starts the mini-program again. @defaultValue true */
  readonly reload?: boolean;
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock;
}

/** Most phones at one time; when there are as many, a new one ends one whose page was closed. */
export const MAX_SESSIONS = 64;
/** Largest file that a phone may hand to its mini-program, in bytes. */
export const MAX_UPLOAD_BYTES = 32 * 1_048_576;

/**
 * Serves one project as a mini-program in a browser. Mount it on a server: it says whether a request was its own.
 *
 * @example
 * const runner = await createRunner({ project: "./demo", basePath: "/phone" });
 * server.on("request", (request, response) => void (runner.handleRequest(request, response) || answer(response)));
 * server.on("upgrade", (request, socket, head) => void runner.handleUpgrade(request, socket, head));
 */
export async function createRunner(options: RunnerOptions): Promise<Runner> {
  const [bundles, folder] = [await buildBundles(), new ProjectFolder(options.project)];
  const runner = new Runner(options, { bundles, folder });
  await runner.compile();
  return runner;
}

/** One project, and the phones that run it. */
export class Runner implements AsyncDisposable {
  readonly #options: RunnerOptions;
  readonly #base: string;
  readonly #clock: Clock;
  readonly #bundles: Bundles;
  readonly #folder: ProjectFolder;
  readonly #compiler = new ProjectCompiler();
  readonly #bus: WebSocketBus;
  readonly #accounts: WechatAccounts;
  readonly #sessions = new Map<string, Session>();
  readonly #kept = new KeptData();
  readonly #webSockets: WebSocketServer;
  readonly #stopWatching: () => void;
  #compiling: Promise<void> = Promise.resolve();
  #project: CompiledProject | undefined;
  #errors: readonly string[] = [];
  #warnings: readonly string[] = [];

  /** Use {@link createRunner}. */
  constructor(
    options: RunnerOptions,
    { bundles, folder }: { readonly bundles: Bundles; readonly folder: ProjectFolder },
  ) {
    this.#options = options;
    this.#base = options.basePath ?? "";
    this.#clock = options.clock ?? systemClock;
    this.#bundles = bundles;
    this.#folder = folder;
    this.#bus = new WebSocketBus({ clock: this.#clock });
    this.#accounts = new WechatAccounts(this.#clock);
    this.#webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      handleProtocols: (protocols) => [...protocols].find((name) => clientNameOf(name) !== undefined) ?? false,
    });
    const isWatching = options.reload !== false;
    this.#stopWatching = isWatching ? folder.watch(this.#clock, () => void this.compile()) : () => {};
  }

  /** What is wrong with the project, one line each; empty when it runs. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  /** Compiles the project, and tells every phone. A broken one is shown there until it is mended. */
  compile(): Promise<void> {
    // One after the other: an older build that takes longer must not take the place of a newer one.
    const run = (): Promise<void> => this.#compile();
    return (this.#compiling = this.#compiling.then(run, run));
  }

  async #compile(): Promise<void> {
    const { project, diagnostics } = await this.#compiler.compile(this.#folder);
    this.#errors = diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic);
    this.#warnings = diagnostics.filter(isOwnWarning).map(formatDiagnostic);
    if (project !== undefined) this.#project = project;
    for (const session of this.#sessions.values()) {
      if (project === undefined) session.showErrors(this.#errors);
      else session.reload(project);
      session.showWarnings(this.#warnings);
    }
  }

  /** Answers a request below the base path; `false` means that it belongs to somebody else. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    const url = urlOf(request);
    if (url === undefined) return false;
    if (url.pathname === this.#base && this.#base !== "") {
      response.writeHead(302, { location: `${this.#base}/` }).end();
      return true;
    }
    if (!url.pathname.startsWith(`${this.#base}/`)) return false;
    const path = decodePath(url.pathname.slice(this.#base.length + 1));
    void this.#answer(path, { request, response, url }).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
    return true;
  }

  /** Takes an upgrade to the bus; `false` means that it belongs to somebody else. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = urlOf(request);
    if (url?.pathname !== `${this.#base}/bus`) return false;
    const session = this.#sessions.get(url.searchParams.get("sid") ?? "");
    const names = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => clientNameOf(name.trim()));
    const name = names.find((one) => one !== undefined);
    if (session === undefined || !isOwnOrigin(request, "null")) {
      refuse(socket, "403 Forbidden");
    } else if (name === undefined) {
      refuse(socket, "400 Bad Request");
    } else {
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.#bus.accept(session.id, name, webSocket);
        if (name === "CONTROL") session.phoneCame(webSocket);
      });
    }
    return true;
  }

  /** Ends all phones. */
  close(): Promise<void> {
    this.#stopWatching();
    for (const session of this.#sessions.values()) this.#end(session);
    this.#webSockets.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(path: string, exchange: Exchange): Promise<void> {
    const { request, response, url } = exchange;
    const [first = "", second = "", ...rest] = path.split("/");
    const bundle = this.#bundles.get(path);
    const isPost = request.method === "POST";
    if (isPost && path === "sessions") await this.#openSession(exchange);
    else if (isPost && first === "files") await this.#takeFile(second, exchange);
    else if (path === "") send(response, phonePage("Mini-program"));
    else if (path === "view.html") send(response, viewPage(request.headers.host ?? ""));
    else if (path === "service.html") send(response, servicePage(request.headers.host ?? ""));
    else if (bundle !== undefined) sendBytes(response, "text/javascript; charset=utf-8", bundle);
    else if (first === "assets") await this.#sendAsset(path.slice("assets/".length), response);
    else if (first === "files") this.#sendFile(second, rest.join("/"), response);
    else if (path === "wechat/sns/jscode2session")
      sendJson(response, 200, this.#accounts.exchange(url.searchParams.get("js_code") ?? ""));
    else response.writeHead(404).end();
  }

  async #openSession({ request, response }: Exchange): Promise<void> {
    if (!isOwnOrigin(request)) {
      sendJson(response, 403, { error: "forbidden" });
      return;
    }
    const body = parseJson(await readBody(request, 65_536));
    // After the body has come: whoever sends theirs at the same time is counted.
    this.#makeRoom();
    if (this.#sessions.size >= MAX_SESSIONS) {
      sendJson(response, 503, { error: "too many phones" });
      return;
    }
    const { map = new Map<string, string>() } = this.#options;
    const deviceId = textOf(body["deviceId"], "phone").slice(0, 64);
    const id = randomBytes(24).toString("base64url");
    const session = new Session({
      id,
      clock: this.#clock,
      bus: this.#bus.openSession(id),
      project: this.#project,
      map,
      account: this.#account(deviceId),
      ...this.#kept.of(deviceId),
      device: parseDevice(body["device"]),
      startUrl: textOf(body["startUrl"]),
      ended: () => this.#end(session),
    });
    this.#sessions.set(id, session);
    if (this.#errors.length > 0) session.showErrors(this.#errors);
    session.showWarnings(this.#warnings);
    sendJson(response, 200, { sessionId: id, map: Object.fromEntries(map) });
  }

  #account(deviceId: string): WechatAccount {
    const { account } = this.#options;
    if (account !== undefined) return account(deviceId);
    const number = Buffer.from(deviceId).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);
    const profile = { openId: `o-${deviceId}`, nickName: `Panda ${number % 1000}`, avatarUrl: AVATAR };
    return this.#accounts.account(profile, this.#project?.config.appId ?? "");
  }

  /** Too many phones: the one whose page was closed first ends. */
  #makeRoom(): void {
    if (this.#sessions.size < MAX_SESSIONS) return;
    const since = ({ awaySinceMs = Infinity }: Session): number => awaySinceMs;
    const [first] = [...this.#sessions.values()].toSorted((left, right) => since(left) - since(right));
    if (first?.awaySinceMs !== undefined) this.#end(first);
  }

  #end(session: Session): void {
    this.#sessions.delete(session.id);
    session.close();
    this.#bus.closeSession(session.id);
  }

  async #takeFile(sessionId: string, { request, response }: Exchange): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || !isOwnOrigin(request)) {
      sendJson(response, 403, { error: "forbidden" });
      return;
    }
    const bytes = await readBody(request, MAX_UPLOAD_BYTES);
    const type = textOf(request.headers["content-type"], "application/octet-stream");
    const path = session.addFile({ bytes, type });
    if (path === undefined) sendJson(response, 409, { error: "nothing runs" });
    else sendJson(response, 200, { path, size: bytes.length });
  }

  #sendFile(sessionId: string, name: string, response: ServerResponse): void {
    const file = this.#sessions.get(sessionId)?.file(name);
    if (file === undefined) response.writeHead(404).end();
    else sendBytes(response, file.type, Buffer.from(file.bytes));
  }

  async #sendAsset(path: string, response: ServerResponse): Promise<void> {
    const type = contentTypeOf(path);
    const file = type === undefined ? undefined : this.#folder.file(path);
    if (file === undefined || type === undefined) {
      response.writeHead(404).end();
      return;
    }
    sendBytes(response, type, await readFile(file));
  }
}

/** What is doubtful in a package is not for the person who uses it to mend. */
function isOwnWarning({ severity, file }: Diagnostic): boolean {
  return severity === "warning" && !file.startsWith("miniprogram_npm/");
}

/** A panda, for people who have no picture. */
const AVATAR =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#cfe8d6"/><circle cx="18" cy="18" r="10"/><circle cx="46" cy="18" r="10"/><circle cx="32" cy="36" r="22" fill="#fff"/><ellipse cx="24" cy="34" rx="6" ry="7"/><ellipse cx="40" cy="34" rx="6" ry="7"/><circle cx="25" cy="34" r="2" fill="#fff"/><circle cx="39" cy="34" r="2" fill="#fff"/><ellipse cx="32" cy="44" rx="4" ry="3"/></svg>',
  );
