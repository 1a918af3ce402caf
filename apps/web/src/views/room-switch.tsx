import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { LOBBY } from "../state/address.ts";
import { toRoomName } from "../state/draft.ts";
import { HeldToken } from "./held-token.tsx";
import type { PageProps } from "./page-props.ts";

/** Goes to another room by name, with a token where the room asks for one. */
export function RoomSwitch({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const { room } = page.address.value;
  return (
    <section class="panel-part" aria-labelledby="rooms-title">
      <h2 id="rooms-title">{words.rooms}</h2>
      <ul class="rooms">
        <li>
          <button
            type="button"
            class="room-item"
            aria-current={room === LOBBY ? "page" : undefined}
            onClick={() => page.goToRoom(LOBBY)}
          >
            {words.lobby}
          </button>
        </li>
        {room !== LOBBY && (
          <li>
            <button type="button" class="room-item" aria-current="page">
              {room}
            </button>
          </li>
        )}
      </ul>
      <details class="go">
        <summary>{words.goToRoom}</summary>
        <RoomForm page={page} />
      </details>
    </section>
  );
}

function RoomForm({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const [room, setRoom] = useState("");
  const [token, setToken] = useState("");
  const name = toRoomName(room);
  const go = (event: Event): void => {
    event.preventDefault();
    if (name === undefined) return;
    page.goToRoom(name, token.trim() === "" ? undefined : token.trim());
    setRoom("");
    setToken("");
  };
  return (
    <form class="go-form" onSubmit={go}>
      <label class="field">
        <span class="field-label">{words.roomName}</span>
        <input
          class="input"
          value={room}
          autoComplete="off"
          spellcheck={false}
          onInput={(event) => setRoom(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span class="field-label">{words.token}</span>
        <input
          class="input"
          type="password"
          value={token}
          autoComplete="off"
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      {page.hasToken.value ? <HeldToken page={page} /> : <p class="hint">{words.tokenHint}</p>}
      <button type="submit" class="button" disabled={name === undefined}>
        {words.goToRoom}
      </button>
    </form>
  );
}
