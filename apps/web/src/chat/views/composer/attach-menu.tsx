import type { JSX, TargetedEvent } from "preact";
import { useRef, useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import type { DeskProps } from "../props.ts";
import { lazyView } from "../lazy-view.tsx";
import { Menu } from "../menu.tsx";

const PickPerson = lazyView(() => import("../pick-person.tsx").then((module) => module.PickPerson));

/** What can be sent beside text: pictures and videos, files, the place, a contact. */
export function AttachMenu({ page, chat, entry, desk }: DeskProps): JSX.Element {
  const words = page.words.value;
  const [at, setAt] = useState<DOMPoint | undefined>(undefined);
  const [isPicking, setPicking] = useState(false);
  const pictures = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const offer = (event: TargetedEvent<HTMLInputElement>): void => {
    desk.offered.value = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = "";
  };
  const send = (content: Parameters<typeof chat.outbox.send>[0]["content"]): void => {
    chat.outbox.send({ conversationId: entry.id, content });
  };
  const sendPlace = (): void => {
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) =>
        send({ type: "location", body: { latitude, longitude, title: words.myPlace, address: "" } }),
      () => page.notices.say(words.noPlace),
      { timeout: 10_000 },
    );
  };
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={words.attach}
        title={words.attach}
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setAt(new DOMPoint(box.left, box.top - 4));
        }}
      >
        <Icon name="clip" />
      </button>
      <input ref={pictures} type="file" accept="image/*,video/*" multiple hidden onChange={offer} />
      <input ref={files} type="file" multiple hidden onChange={offer} />
      {at !== undefined && (
        <Menu
          at={at}
          label={words.attach}
          onClose={() => setAt(undefined)}
          items={[
            { label: words.sendPicture, icon: "picture", run: () => pictures.current?.click() },
            { label: words.sendFile, icon: "file", run: () => files.current?.click() },
            { label: words.sendPlace, icon: "place", run: sendPlace },
            { label: words.sendCard, icon: "person", run: () => setPicking(true) },
          ]}
        />
      )}
      {isPicking && (
        <PickPerson
          page={page}
          chat={chat}
          title={words.sendCard}
          onPick={(userId) => send({ type: "card", body: { userId } })}
          onClose={() => setPicking(false)}
        />
      )}
    </>
  );
}
