import { Socket } from "phoenix";
import { WebSocket } from "ws";

/** Somebody in the lobby with the client of Phoenix, as it comes from npm. Disposing leaves. */
export interface PhoenixGuest extends Disposable {
  /** What was said since the join, in the order of arrival. */
  readonly heard: readonly string[];
  /** Resolves when the server has stored the message. */
  say(body: string): Promise<void>;
}

/** Enters the lobby of the chat at `url`. */
export async function enterWithPhoenix(url: string, nickname: string): Promise<PhoenixGuest> {
  const socket = new Socket(`${url.replace("http", "ws")}/socket`, { transport: WebSocket });
  socket.connect();
  const lobby = socket.channel("room:lobby", { nickname });
  const heard: string[] = [];
  lobby.on("new_msg", ({ body }: { readonly body: string }) => {
    heard.push(body);
  });
  const settled = (push: ReturnType<typeof lobby.join>): Promise<void> =>
    new Promise((resolve, reject) => {
      const refused = (reason: unknown): void => reject(new Error(`refused: ${JSON.stringify(reason)}`));
      push
        .receive("ok", () => resolve())
        .receive("error", refused)
        .receive("timeout", refused);
    });
  await settled(lobby.join());
  return {
    heard,
    say: (body) => settled(lobby.push("new_msg", { body })),
    [Symbol.dispose]: () => socket.disconnect(),
  };
}
