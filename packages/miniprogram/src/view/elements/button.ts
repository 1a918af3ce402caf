import { isRecord } from "../../is-record.ts";
import { BuiltInElement } from "./built-in-element.ts";
import { FormElement } from "./form.ts";

/** Events of buttons that open something, by `open-type`. */
const OPEN_EVENTS: Readonly<Record<string, string>> = {
  getUserInfo: "getuserinfo",
  getUserProfile: "getuserprofile",
  getPhoneNumber: "getphonenumber",
  getRealtimePhoneNumber: "getrealtimephonenumber",
  chooseAvatar: "chooseavatar",
  openSetting: "opensetting",
  contact: "contact",
  launchApp: "error",
  agreePrivacyAuthorization: "agreeprivacyauthorization",
};

/** `<button>`. Its looks are in the style sheet of the view, so that a project can change them. */
export class ButtonElement extends BuiltInElement {
  constructor() {
    super();
    this.addEventListener("click", () => void this.#pressed());
  }

  protected changed(name: string): void {
    if (["type", "size"].includes(name)) this.setAttribute(name, this.text(name));
    if (["plain", "loading"].includes(name)) this.toggleAttribute(name, this.flag(name));
    this.setAttribute("role", "button");
    this.tabIndex = this.flag("disabled") ? -1 : 0;
  }

  async #pressed(): Promise<void> {
    if (this.flag("disabled")) return;
    const form = this.closest("wx-form");
    if (form instanceof FormElement) {
      if (this.text("formType") === "submit") form.submit();
      if (this.text("formType") === "reset") form.reset();
    }
    const openType = this.text("openType");
    if (openType === "share") await this.runtime.invoke("share", {});
    const event = OPEN_EVENTS[openType];
    if (event === undefined) return;
    const result = await this.runtime.invoke(openType, { lang: this.text("lang") });
    this.emit(event, isRecord(result) ? result : {});
  }
}
