import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { PageProps } from "./page-props.ts";
import { Avatar } from "./avatar.tsx";
import { Icon, Mark } from "./icons.tsx";
import { MemberList } from "./member-list.tsx";
import { RoomSwitch } from "./room-switch.tsx";
import { ClientSwitch, PreferenceSwitches } from "./switches.tsx";
import { TrioLink } from "./trio.tsx";

/** Props of {@link SidePanel}. */
export interface SidePanelProps extends PageProps {
  /** Matters on narrow screens only; on wide ones the panel is always there. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Rooms, client, members, and the person's own name. */
export function SidePanel({ page, isOpen, onClose }: SidePanelProps): JSX.Element {
  const words = page.words.value;
  const closer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOpen) closer.current?.focus();
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && isOpen) onClose();
  };
  return (
    <aside id="side-panel" class="panel" aria-label={words.openPanel} onKeyDown={onKeyDown}>
      <div class="panel-top">
        <Mark />
        <span class="brand">
          Hutong <span lang="zh-CN">胡同</span>
        </span>
        <button
          ref={closer}
          type="button"
          class="icon-button panel-closer"
          aria-label={words.closePanel}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      <div class="panel-middle">
        <section class="panel-part">
          <h2>{words.client}</h2>
          <ClientSwitch page={page} />
          {page.address.value.view === "page" && <TrioLink page={page} />}
        </section>
        <RoomSwitch page={page} />
        <MemberList page={page} />
      </div>
      <footer class="panel-foot">
        <Self page={page} />
        <PreferenceSwitches preferences={page.preferences} words={page.words.value} />
      </footer>
    </aside>
  );
}

function Self({ page }: PageProps): JSX.Element {
  const nickname = page.nickname.value ?? "";
  return (
    <div class="self">
      <Avatar name={nickname} />
      <span class="self-name">{nickname}</span>
      <button
        type="button"
        class="icon-button"
        aria-label={page.words.value.changeName}
        title={page.words.value.changeName}
        onClick={() => page.exit()}
      >
        <Icon name="edit" />
      </button>
    </div>
  );
}
