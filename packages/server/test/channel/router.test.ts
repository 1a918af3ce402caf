import { accept, type CableOptions, type ChannelDefinition, defineChannel } from "@hutong/server";
import { describe, expect, test } from "vitest";
import { Router } from "../../src/channel/router.ts";

function define(pattern: string, cable?: CableOptions): ChannelDefinition {
  return defineChannel(pattern, { join: () => accept(), ...(cable && { cable }) });
}

describe("a topic", () => {
  test("leads to the first definition that matches", () => {
    const [lobby, rooms, all] = [define("room:lobby"), define("room:*"), define("*")];
    const router = new Router([lobby, rooms, all]);

    expect(router.route({ kind: "topic", topic: "room:lobby" }, {})).toEqual({
      definition: lobby,
      topic: "room:lobby",
    });
    expect(router.route({ kind: "topic", topic: "room:1" }, {})?.definition).toBe(rooms);
    expect(router.route({ kind: "topic", topic: "user:1" }, {})?.definition).toBe(all);
  });

  test("that nothing matches leads nowhere", () => {
    expect(new Router([define("room:*")]).route({ kind: "topic", topic: "user:1" }, {})).toBeUndefined();
  });

  test.each(["", "room:*", "room 1", "room:胡", "$control", "room:\n", "x".repeat(256)])(
    "%j leads nowhere",
    (topic) => {
      expect(new Router([define("*")]).route({ kind: "topic", topic }, {})).toBeUndefined();
    },
  );
});

describe("a name", () => {
  const cable: CableOptions = { name: "RoomChannel", topic: (params) => `room:${String(params["id"])}` };

  test("leads to its definition, with the topic of the parameters", () => {
    const rooms = define("room:*", cable);

    expect(new Router([rooms]).route({ kind: "name", name: "RoomChannel" }, { id: 7 })).toEqual({
      definition: rooms,
      topic: "room:7",
    });
  });

  test("that no definition has leads nowhere", () => {
    expect(new Router([define("room:*", cable)]).route({ kind: "name", name: "Room" }, {})).toBeUndefined();
    expect(new Router([define("room:*")]).route({ kind: "name", name: "toString" }, {})).toBeUndefined();
  });

  test("with parameters outside the alphabet of topics leads nowhere", () => {
    expect(
      new Router([define("room:*", cable)]).route({ kind: "name", name: "RoomChannel" }, { id: "a b" }),
    ).toBeUndefined();
  });

  test("with parameters that the application cannot map leads nowhere", () => {
    const strict = define("room:*", {
      name: "RoomChannel",
      topic: () => {
        throw new TypeError("no id");
      },
    });

    expect(new Router([strict]).route({ kind: "name", name: "RoomChannel" }, {})).toBeUndefined();
  });

  test.each([[null], [["room:1"]], [7], [undefined], [{}]])("whose topic is no string but %j leads nowhere", (id) => {
    // What applications write when they trust their clients' types.
    const trusting = define("room:*", { name: "RoomChannel", topic: (params) => params["id"] as string });

    expect(new Router([trusting]).route({ kind: "name", name: "RoomChannel" }, { id })).toBeUndefined();
  });

  test("without parameters leads nowhere", () => {
    expect(new Router([define("room:*", cable)]).route({ kind: "name", name: "RoomChannel" }, null)).toBeUndefined();
  });

  test("is taken once", () => {
    expect(() => new Router([define("room:*", cable), define("hall:*", cable)])).toThrow(
      'two channel definitions have the Action Cable name "RoomChannel"',
    );
  });
});
