import { accept, channelsFor, type ConnectHandler, type ConnectRequest, refuse, reply, stop } from "@hutong/server";
import { phoenixAt } from "@hutong/server/node";
import { type SmallServer, startSmallServer } from "./small-server.ts";

/** What the ported suites want to know of a handshake. */
interface PortedAssigns {
  readonly request: object;
}

const definePorted = channelsFor<PortedAssigns>();

/** The room of Phoenix's own integration suites. */
const room = definePorted("room:*", {
  join: ({ params }) => accept({ assigns: { user: fieldOf(params, "user") ?? null } }),
  joined(channel) {
    const { user } = channel.assigns;
    channel.broadcast("user_entered", { user });
    channel.push("joined", { status: "connected" });
  },
  handle: {
    new_msg(payload, channel) {
      channel.broadcast("new_msg", payload);
      return reply();
    },
    boom() {
      throw new Error("boom");
    },
    bin(_payload, channel) {
      channel.broadcast("bin_ack", {});
    },
    binary_event(payload, channel) {
      channel.push("binary_event", Uint8Array.of(0, 1));
      return reply(Uint8Array.from([...(payload instanceof Uint8Array ? payload : []), 3, 4]));
    },
    request: (_payload, channel) => reply(channel.assigns.request),
  },
  intercept: {
    new_msg: (payload, channel) =>
      channel.push("new_msg", { ...(payload as object), transport: channel.connection.transport }), // the suites push objects only
  },
  terminate: (channel) => channel.push("you_left", { message: "bye!" }),
});

/** A channel whose join does as its `action` says. */
const custom = definePorted("custom:*", {
  join({ params }) {
    switch (fieldOf(params, "action")) {
      case "ok":
        return accept({ response: { action: "ok" } });
      case "error":
        return refuse({ action: "error" });
      default:
        throw new Error("crash");
    }
  },
  handle: { close: () => stop() },
});

const connect: ConnectHandler<PortedAssigns> = (request) => {
  if (request.params["reject"] === "true") return refuse("rejected");
  if (request.params["ratelimit"] === "true") return refuse("rate_limited");
  const userId = request.params["user_id"];
  const assigns = { request: describeRequest(request) };
  return typeof userId === "string" ? { assigns, id: `user_sockets:${userId}` } : { assigns };
};

/** Starts the server of the ported suites: `/ws`, `/ws/admin`, `/ws/limited`, `/ws/quick`, `/ws/poll` and others. */
export function startPortedServer(): Promise<SmallServer> {
  const origins = ["//example.com"];
  const refusal = (response: unknown) =>
    fieldOf(response, "reason") === "rate_limited" ? { status: 429, body: "Too many requests" } : { status: 403 };
  return startSmallServer({ channels: [room, custom], connect }, [
    phoenixAt("/ws", { origins, refusal }),
    phoenixAt("/ws/admin", { origins }),
    phoenixAt("/ws/limited", { origins, limits: { maxChannels: 1 } }),
    phoenixAt("/ws/quick", { origins, limits: { idleTimeoutMs: 200 } }),
    phoenixAt("/ws/poll", { origins, refusal, longPoll: { windowMs: 200 } }),
    phoenixAt("/ws/connect_info", { origins }),
    phoenixAt("/ws/tenants/:tenant", { origins }),
  ]);
}

function describeRequest({ url, params, remoteAddress, remotePort, transport, header }: ConnectRequest): object {
  const names = [
    "x-application",
    "x-tenant",
    "sec-websocket-extensions",
    "sec-websocket-version",
    "traceparent",
    "tracestate",
    "user-agent",
  ];
  return {
    host: url.hostname,
    port: url.port,
    path: url.pathname,
    scheme: url.protocol,
    params,
    remoteAddress,
    remotePort,
    transport,
    headers: Object.fromEntries(names.map((name) => [name, header(name) ?? null])),
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
