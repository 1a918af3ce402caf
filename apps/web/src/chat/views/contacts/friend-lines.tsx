import type { Friend } from "@hutong/chat-api";
import type { JSX } from "preact";

import { Face } from "../face.tsx";
import { PickLine } from "../pick-line.tsx";
import type { Picked } from "../use-picked.ts";
import { friendName } from "./sorted-friends.ts";

/** Friends of whom several can be picked. */
export function FriendLines({
  friends,
  picked,
}: {
  readonly friends: readonly Friend[];
  readonly picked: Picked;
}): readonly JSX.Element[] {
  return friends.map((friend) => (
    <PickLine key={friend.user.id} id={friend.user.id} name={friendName(friend)} picked={picked}>
      <Face name={friendName(friend)} picture={friend.user.avatar} />
    </PickLine>
  ));
}
