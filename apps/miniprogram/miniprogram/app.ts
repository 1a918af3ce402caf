import { application } from "./platform/application";

App({
  onHide() {
    application.chat?.keep();
  },
});
