import { type Me, profileDetails, type ProfileDetails, settings, type Settings } from "@hutong/chat-api";
import type { UserRow } from "../storage/rows.ts";
import { toUser } from "./profiles.ts";

/** What a new account decides about itself, until it decides otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  strangers: { visitor: 1, user: 1 },
  addMe: "approval",
  showPresence: true,
};

/** A profile that says nothing. */
export const EMPTY_DETAILS: ProfileDetails = { bio: "", location: "", website: "", gender: "", birthday: "" };

/** The settings in a user's row. */
export function readSettings({ settings: text }: Pick<UserRow, "settings">): Settings {
  return settings.parse(JSON.parse(text));
}

/** The details in a user's row. */
export function readDetails({ details: text }: Pick<UserRow, "details">): ProfileDetails {
  return profileDetails.parse(JSON.parse(text));
}

/** An account as its owner sees it. */
export function toMe(row: UserRow): Me {
  return { ...toUser(row), details: readDetails(row), settings: readSettings(row), createdAt: row.created_at };
}
