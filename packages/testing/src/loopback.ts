import { actionCable, type Grammar, type HandshakeOffer, phoenix } from "@hutong/protocol";
import type { ConnectionAdmission, ConnectionLimits, Server } from "@hutong/server";
import { LoopbackTransport, type Mount } from "@hutong/server/plugin";
import { CableClient } from "./cable-client.ts";
import type { FrameClient, FrameLink } from "./frame-client.ts";
import { PhoenixClient } from "./phoenix-client.ts";

/** Options of {@link connectLoopback} and {@link connectLoopbackCable}. */
export interface LoopbackOptions {
  /** What the `connect` handler would have answered; it is not asked. @defaultValue no assigns and no id */
  readonly admission?: ConnectionAdmission;
  /** Limits of the connection; ignored where `mount` is given. */
  readonly limits?: ConnectionLimits;
  /** The mount to come through, where several clients share one. @defaultValue one of its own */
  readonly mount?: Mount;
  /** The `vsn` that a Phoenix client asks for. @defaultValue `"2.0.0"` */
  readonly vsn?: string;
}

/** A Phoenix V2 client inside the server's process. No port, no I/O: frames are handed over by function call. */
export function connectLoopback(server: Server, options: LoopbackOptions = {}): PhoenixClient {
  const offer = { vsn: options.vsn ?? "2.0.0", subprotocols: [] };
  return connect({ server, grammar: phoenix, offer, options, create: (link) => new PhoenixClient(link) });
}

/** An Action Cable client inside the server's process. */
export function connectLoopbackCable(server: Server, options: LoopbackOptions = {}): CableClient {
  const offer = { vsn: undefined, subprotocols: ["actioncable-v1-json"] };
  return connect({ server, grammar: actionCable, offer, options, create: (link) => new CableClient(link) });
}

interface Plan<TClient> {
  readonly server: Server;
  readonly grammar: Grammar;
  readonly offer: HandshakeOffer;
  readonly options: LoopbackOptions;
  readonly create: (link: FrameLink) => TClient;
}

function connect<TMessage, TClient extends FrameClient<TMessage>>({
  server,
  grammar,
  offer,
  options,
  create,
}: Plan<TClient>): TClient {
  const { admission = {}, limits = {}, mount = server.mount({ grammar, path: "/loopback", limits }) } = options;
  const negotiation = grammar.negotiate(offer);
  if (negotiation.kind === "disagreed") throw new TypeError(`${grammar.name} refuses the offer: ${negotiation.reason}`);
  const transport = new LoopbackTransport({
    frame: (frame) => client.receive(frame),
    closed: (code, reason) => client.end(code, reason),
  });
  const client = create({
    send: (frame) => transport.receive(frame),
    close: (code, reason) => transport.close(code, reason),
  });
  server.open(mount, transport, negotiation.wireProtocol, admission);
  return client;
}
