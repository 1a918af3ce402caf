import type { JSX } from "preact";

import type { ChatProps } from "../props.ts";
import { DevicesPage } from "./devices-page.tsx";
import { PasswordPage, UpgradePage } from "./password-page.tsx";
import { PrivacyPage } from "./privacy-page.tsx";
import { ProfilePage } from "./profile-page.tsx";

/** The page of the settings that is open. */
export function SettingsPage({ page, chat }: ChatProps): JSX.Element | null {
  switch (page.place.address.value.page) {
    case "profile":
      return <ProfilePage page={page} chat={chat} />;
    case "privacy":
      return <PrivacyPage page={page} chat={chat} />;
    case "devices":
      return <DevicesPage page={page} chat={chat} />;
    case "password":
      return <PasswordPage page={page} chat={chat} />;
    case "upgrade":
      return <UpgradePage page={page} chat={chat} />;
    default:
      return null;
  }
}
