// Older versions of the npm client, installed under other names. They ship no
// types; what the suites use of them is the same in all versions.

declare module "phoenix-1.7" {
  export { Channel, LongPoll, Presence, Push, Socket } from "phoenix";
}

declare module "phoenix-1.6" {
  export { Channel, LongPoll, Presence, Push, Socket } from "phoenix";
}
