import type { Server, Telemetry } from "@hutong/server";
import type { Clock } from "@hutong/server/plugin";
import { Hono } from "hono";
import { Inspector } from "../inspector/inspector.ts";
import { inspectorRoutes } from "../inspector/inspector-routes.ts";
import type { AdminConfig } from "./admin-config.ts";
import { EventLoopLag } from "./event-loop-lag.ts";
import { Metrics } from "./metrics.ts";
import { operationsRoutes } from "./operations-routes.ts";
import { Readiness } from "./readiness.ts";

/** Parts of {@link Operations}. */
export interface OperationsOptions {
  readonly admin: AdminConfig;
  /** Folder of the built page. */
  readonly pageFolder: string;
  readonly clock: Clock;
}

/** What lets an operator see how the chat is doing. */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #metrics = new Metrics();
  readonly #inspector: Inspector | undefined;
  readonly #lag: EventLoopLag;
  #readiness: Readiness | undefined;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#inspector = options.admin.hasInspector ? new Inspector(() => options.clock.now()) : undefined;
    this.#lag = new EventLoopLag(options.clock);
  }

  /** To be given to the server. */
  readonly telemetry: Telemetry = (event) => {
    this.#metrics.telemetry(event);
    this.#inspector?.telemetry(event);
  };

  /** Makes the routes that tell of a server. Called once. */
  routesFor(server: Server): Hono {
    const { admin, pageFolder } = this.#options;
    const readiness = new Readiness(server);
    const inspector = this.#inspector;
    this.#readiness = readiness;
    this.#metrics.watch(server, this.#lag);
    inspector?.watch(server, this.#lag);
    const routes = new Hono();
    routes.route("/", operationsRoutes({ metrics: this.#metrics, readiness, adminToken: admin.token }));
    if (inspector !== undefined) routes.route("/", inspectorRoutes({ inspector, adminToken: admin.token, pageFolder }));
    // The page has one address, which is not there when the inspector is off.
    routes.all("/inspector.html", (context) => context.notFound());
    return routes;
  }

  /** From now on `/readyz` says no. */
  leave(): void {
    this.#readiness?.leave();
  }

  /** Stops measuring. */
  close(): void {
    this.#lag.close();
  }
}
