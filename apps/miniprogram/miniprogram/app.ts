import { application } from "./platform/application";

App({
  onHide() {
    // It never rejects, and hands everything to WeChat at once.
    void application.chat?.keep();
  },
});
