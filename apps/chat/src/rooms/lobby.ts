/** The room that everyone may enter. */
export const LOBBY_NAME = "lobby";
/** Its topic, which is the key of its conversation too. */
export const LOBBY_TOPIC = `room:${LOBBY_NAME}`;
