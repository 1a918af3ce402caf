import { ChannelError, ClosedError } from "@hutong/protocol";
import type { FakeClock } from "@hutong/testing";
import { expect } from "vitest";
import type { Channel, ChannelState } from "../../src/channel.ts";
import { DEFAULT_SOCKET_OPTIONS } from "../../src/options.ts";
import { DEFAULT_RECONNECT } from "../../src/reconnect.ts";
import { Socket } from "../../src/socket.ts";
import { ScriptedPage } from "../support.ts";
import { Freezer } from "./freezer.ts";
import { LoopbackNetwork } from "./loopback-network.ts";
import { type RoomServer, TOPIC } from "./room-server.ts";

type Kind = ChannelState["kind"];

/** The changes of state that an application may see. */
const CHANGES: Readonly<Record<Kind, readonly Kind[]>> = {
  idle: ["joining", "closed"],
  // From joined to joined only the state of the snapshot changes.
  joining: ["joined", "waiting", "refused", "leaving", "closed"],
  joined: ["joined", "joining", "waiting", "leaving", "closed"],
  waiting: ["joining", "closed"],
  refused: ["joining", "closed"],
  leaving: ["closed"],
  closed: [],
};

/** One channel of a page, what the page did with it, and what it saw. */
class ModelChannel {
  readonly channel: Channel;
  /** Whether the application wants it joined. */
  isWanted = false;
  /** Whether a join may have met a server that refuses. */
  mayBeRefused = false;
  /** Whether it is over: left, ended, or closed together with its socket. */
  isOver = false;
  #seen: Kind = "idle";

  constructor(channel: Channel) {
    this.channel = channel;
    channel.onState(() => {
      throw new Error("a bug of the application");
    });
    channel.onState(({ kind }) => {
      expect(CHANGES[this.#seen]).toContain(kind);
      this.#seen = kind;
    });
  }

  /** What the application was told last is what the channel says. */
  check(): void {
    expect(this.#seen).toBe(this.channel.state.kind);
    if (this.isOver) expect(["leaving", "closed"]).toContain(this.channel.state.kind);
  }
}

/** A page that does what a test says, and the little that has to be true of it at any time. */
export class PageModel {
  readonly freezer: Freezer;
  readonly network: LoopbackNetwork;
  readonly page = new ScriptedPage();
  readonly socket: Socket;
  readonly heard: number[] = [];
  readonly #room: RoomServer;
  /** What was promised and is not settled. */
  readonly #open = new Set<string>();
  readonly #channels: ModelChannel[] = [];
  #promised = 0;
  isSocketOver = false;
  /** How often the token was asked for. */
  #tokens = 0;

  constructor(room: RoomServer, clock: FakeClock) {
    this.#room = room;
    this.freezer = new Freezer(clock);
    this.network = new LoopbackNetwork(room.server, room.mount, this.freezer);
    this.socket = new Socket({
      ...DEFAULT_SOCKET_OPTIONS,
      reconnect: DEFAULT_RECONNECT,
      clock: this.freezer,
      page: this.page,
      random: () => 0.5,
      transports: [this.network],
      token: async () => `token-${(this.#tokens += 1)}`,
    });
    this.socket.connect();
  }

  join(): void {
    const model = this.#current();
    if (model === undefined) return;
    this.#wantJoined(model);
    this.#watch("join", model.channel.join());
  }

  /** Joins again where the server said no. */
  joinRefused(): void {
    if (this.#current()?.channel.state.kind === "refused") this.join();
  }

  /** Joins, and gives the wait up after a moment. */
  joinBriefly(): void {
    const model = this.#current();
    if (model === undefined) return;
    const controller = new AbortController();
    this.#wantJoined(model);
    this.#watch("join", model.channel.join({ signal: controller.signal }));
    this.freezer.after(100, () => controller.abort(new ChannelError("closed")));
  }

  push(number: number): void {
    const model = this.#current();
    if (model === undefined) return;
    this.#watch(`push ${number}`, model.channel.push("say", { number }), (response) => {
      expect(response).toEqual({ number });
      expect(this.#room.handled).toContain(number);
    });
  }

  /** Has the server crash the channel, or end it. */
  ask(event: "crash" | "end"): void {
    const model = this.#current();
    if (model?.channel.state.kind !== "joined") return;
    this.#watch(event, model.channel.push(event));
  }

  /** The page runs again, and the runtime tells it so. */
  thaw(): void {
    this.freezer.thaw();
    this.tell({});
  }

  /** The runtime tells of the network. */
  tell(change: { readonly online?: boolean }): void {
    this.freezer.run(() => this.page.change(change));
  }

  leave(): void {
    const model = this.#current();
    if (model === undefined) return;
    model.isOver = true;
    this.#watch("leave", model.channel.leave());
  }

  close(): void {
    this.isSocketOver = true;
    for (const model of this.#channels) model.isOver = true;
    this.#watch("close", this.socket.close());
  }

  /** Joins on any link from here on may be refused. */
  noteRefusals(): void {
    for (const model of this.#channels) if (model.isWanted) model.mayBeRefused = true;
  }

  /** Holds at any time. */
  check(): void {
    for (const model of this.#channels) {
      // The server ends a channel, or the socket, without asking the application.
      if (model.channel.state.kind === "closed") model.isOver = true;
      model.check();
      // Nobody waits for an answer that cannot come.
      if (this.socket.state.kind !== "open") expect(model.channel.state.kind).not.toBe("leaving");
    }
    if (this.socket.state.kind === "closed") this.isSocketOver = true;
    // Each attempt asks for its own.
    expect(new Set(this.network.tokens).size).toBe(this.network.tokens.length);
    for (const numbers of [this.heard, this.#room.handled]) {
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(new Set(numbers).size).toBe(numbers.length);
    }
    for (const error of this.freezer.uncaught) expect(error).toEqual(new Error("a bug of the application"));
  }

  /** Holds a moment after the socket was closed, whatever was under way. */
  checkClosed(): void {
    this.check();
    expect([...this.#open]).toEqual([]);
    expect(this.freezer.timerCount).toBe(0);
    for (const { channel } of this.#channels) expect(channel.state.kind).toBe("closed");
  }

  /** Holds when nothing has happened for longer than any wait, and the network is up. */
  checkQuiet(): void {
    this.check();
    expect([...this.#open]).toEqual([]);
    for (const model of this.#channels) expect(this.#expected(model)).toContain(model.channel.state.kind);
    const joined = this.#channels.filter(({ channel }) => channel.state.kind === "joined").length;
    expect(this.#room.members).toBe(joined);
    for (const model of this.#channels)
      model.mayBeRefused = this.#room.refuses || model.channel.state.kind === "refused";
  }

  #expected(model: ModelChannel): readonly Kind[] {
    if (model.isOver) return ["closed"];
    if (!model.isWanted) return ["idle"];
    if (this.#room.hangs)
      return ["joined", "joining", "waiting", ...(model.mayBeRefused ? (["refused"] as const) : [])];
    return model.mayBeRefused ? ["joined", "refused"] : ["joined"];
  }

  #wantJoined(model: ModelChannel): void {
    // Whoever was refused is asking anew.
    if (model.channel.state.kind === "refused") model.mayBeRefused = false;
    model.isWanted = true;
    model.mayBeRefused ||= this.#room.refuses;
  }

  /** The channel of the topic; `undefined` when the socket is over. */
  #current(): ModelChannel | undefined {
    if (this.isSocketOver || this.socket.state.kind === "closed") return undefined;
    const channel = this.socket.channel(TOPIC);
    let model = this.#channels.find((known) => known.channel === channel);
    if (model === undefined) {
      model = new ModelChannel(channel);
      this.#channels.push(model);
      channel.on("said", () => {
        throw new Error("a bug of the application");
      });
      channel.on("said", (payload) => {
        const { number } = payload as { number: number }; // what the server of this test sends
        this.heard.push(number);
      });
    }
    return model;
  }

  #watch(what: string, promise: Promise<unknown>, resolved: (value: unknown) => void = () => undefined): void {
    this.#promised += 1;
    const name = `${what}, promise ${this.#promised}`;
    this.#open.add(name);
    promise
      .then(resolved, (error: unknown) => {
        if (!(error instanceof ChannelError || error instanceof ClosedError)) this.freezer.uncaught.push(error);
      })
      .catch((error: unknown) => void this.freezer.uncaught.push(error))
      .finally(() => this.#open.delete(name));
  }
}
