import { type ConnectionAdmission, type ConnectRequest, type Refuse, refuse } from "@hutong/server";
import type { Callers } from "../accounts/callers.ts";
import type { Tickets } from "../accounts/tickets.ts";
import type { ChatAssigns } from "../channels/chat-assigns.ts";
import { baseAddress } from "./base-address.ts";
import { readWaferCredentials, WAFER_NAMES } from "./session.ts";
import type { WaferIdentity, WaferSessions } from "./wafer-sessions.ts";

/** What the handshakes of mini-programs are checked with. */
export interface WaferConnectParts {
  readonly waferSessions: WaferSessions;
  readonly tickets: Pick<Tickets, "redeem">;
  readonly callers: Pick<Callers, "caller">;
  /** `undefined` where the operator has said nothing. */
  readonly publicUrl: string | undefined;
}

type Outcome = Promise<ConnectionAdmission<ChatAssigns> | Refuse>;

/** Lets in whoever brings the keys of a wafer session, as headers or in the query. */
export function connectWithSession(parts: WaferConnectParts) {
  return async (request: ConnectRequest): Outcome => {
    const names = Object.values(WAFER_NAMES);
    const headers = names.flatMap((name): [string, string][] => {
      const value = request.header(name.toLowerCase());
      return value === undefined ? [] : [[name, value]];
    });
    const query = Object.entries(request.params).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    const credentials = readWaferCredentials({ headers, query });
    const identity = credentials.kind === "session" ? await parts.waferSessions.find(credentials) : undefined;
    return admit(request, identity, parts);
  };
}

/** Lets in whoever brings a ticket in the query; each lets in once. */
export function connectWithTicket(parts: WaferConnectParts) {
  return async (request: ConnectRequest): Outcome => {
    const { ticket } = request.params;
    const sessionId = typeof ticket === "string" ? await parts.tickets.redeem(ticket) : undefined;
    const caller = sessionId === undefined ? undefined : await parts.callers.caller(sessionId);
    const identity = caller && (await parts.waferSessions.identityOf(caller));
    return admit(request, identity, parts);
  };
}

function admit(
  request: ConnectRequest,
  identity: WaferIdentity | undefined,
  { publicUrl }: WaferConnectParts,
): ConnectionAdmission<ChatAssigns> | Refuse {
  if (identity === undefined) return refuse("unauthorized");
  const { caller, openid } = identity;
  const wafer = { openid, base: baseAddress(publicUrl, request.header) };
  const { remoteAddress } = request;
  return {
    assigns: { token: undefined, caller, remoteAddress, wafer },
    tokenId: caller.sessionId,
    id: `users:${caller.userId}`,
  };
}
