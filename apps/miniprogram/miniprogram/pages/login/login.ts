import { application } from "../../platform/application";
import { attempt } from "../../platform/attempt";
import { dataText, textValue } from "../../platform/event-values";

Page({
  data: { labels: {}, ended: "", way: "visit", username: "", password: "", nickname: "", isBusy: false },

  onLoad() {
    const { labels, ended } = application.words;
    const reason = application.session.ended.peek();
    this.setData({ labels, ended: reason === undefined ? "" : ended[reason] });
  },
  choose(event: WxEvent) {
    this.setData({ way: dataText(event, "way") });
  },
  wrote(event: WxEvent) {
    this.setData({ [dataText(event, "name")]: textValue(event) });
  },
  /** The account of the phone's WeChat user. */
  async signInWithWechat() {
    await this.enter(async () => {
      const code = await new Promise<string>((resolve, reject) => {
        wx.login({ success: (result) => resolve(result.code), fail: () => reject(new Error("no code")) });
      });
      return application.call("sign_in_with_wechat", { code, device: application.device() });
    });
  },
  async submit() {
    const { way, username, password } = this.data;
    const device = application.device();
    const nickname = this.data.nickname.trim() === "" ? undefined : this.data.nickname.trim();
    await this.enter(() => {
      if (way === "visit") return application.call("visit", { device, nickname });
      if (way === "register") return application.call("register", { username, password, nickname, device });
      return application.call("sign_in", { username, password, device });
    });
  },
  async enter(call: () => Promise<Parameters<typeof application.enter>[0]>) {
    if (this.data.isBusy) return;
    this.setData({ isBusy: true });
    await attempt(async () => application.enter(await call()));
    this.setData({ isBusy: false });
  },
});
