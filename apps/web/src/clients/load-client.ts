import type { ClientName, CreateRoomClient } from "./room-client.ts";

/** Loads the library of a client on first use, so that a page carries one library and not three. */
export async function loadClient(client: ClientName): Promise<CreateRoomClient> {
  switch (client) {
    case "hutong": {
      const { HutongClient } = await import("./hutong-client.ts");
      return (options, listener) => new HutongClient(options, listener);
    }
    case "phoenix": {
      const { PhoenixClient } = await import("./phoenix-client.ts");
      return (options, listener) => new PhoenixClient(options, listener);
    }
    case "action_cable": {
      const { ActionCableClient } = await import("./action-cable-client.ts");
      return (options, listener) => new ActionCableClient(options, listener);
    }
    default:
      return client satisfies never;
  }
}
