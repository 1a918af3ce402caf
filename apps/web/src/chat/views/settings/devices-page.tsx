import type { Device } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import { InnerPage } from "../inner-page.tsx";
import type { ChatProps } from "../props.ts";
import { shortMoment } from "../../page/short-moment.ts";

/** Where the user is signed in. */
export function DevicesPage({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [devices, setDevices] = useState<readonly Device[]>([]);
  const load = async (): Promise<void> => setDevices((await chat.call("list_devices", {})).devices);
  useEffect(() => {
    void page.attempt(load);
  }, []);
  const end = async ({ sessionId, name }: Device): Promise<void> => {
    const question = { title: words.endDevice, text: words.endDeviceText(name), yes: words.signOut, isGrave: true };
    if (!(await page.notices.ask(question))) return;
    await page.attempt(async () => {
      await chat.call("end_session", { sessionId });
      await load();
    });
  };
  return (
    <InnerPage page={page} title={words.devices}>
      <ul class="people boxed">
        {devices.map((device) => (
          <li key={device.sessionId} class="person device">
            <Icon name="device" />
            <span class="person-text">
              <b>{device.name === "" ? words.platforms(device.platform) : device.name}</b>
              <span class="hint">
                {device.current
                  ? words.thisDevice
                  : words.lastSeen(shortMoment(device.lastSeenAt, page.clock.now(), page.formatters.value))}
              </span>
            </span>
            {!device.current && (
              <button type="button" class="button small" onClick={() => void end(device)}>
                {words.signOut}
              </button>
            )}
          </li>
        ))}
      </ul>
    </InnerPage>
  );
}
