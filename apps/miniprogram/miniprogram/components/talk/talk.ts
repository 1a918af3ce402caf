import { application } from "../../platform/application";
import { MESSAGE_ACTIONS } from "../../view/message-menu";
import { deleteForMe, doMessageAction, forward, offerRefusedActions, react } from "./message-actions";
import { sendPictures } from "./send-pictures";
import { TalkDesk } from "./talk-desk";
import { voice } from "./voice";
import { dataText, textValue } from "../../platform/event-values";

/** The desk of each component that is attached. */
const desks = new WeakMap<object, TalkDesk>();

function deskOf(component: object): TalkDesk | undefined {
  return desks.get(component);
}

function messageAt(component: object, event: WxEvent) {
  return deskOf(component)?.place?.entry.log.get(Number(dataText(event, "seq")));
}

/** Most messages that are forwarded at once: the server's limit. */
const MAX_CHOSEN = 50;

const heightOf = ({ touches }: WxEvent): number => touches?.[0]?.clientY ?? 0;

Component({
  options: { styleIsolation: "apply-shared" },
  /** `at` is the seq of the message that the conversation is opened for; 0 for none. */
  properties: { conversationId: String, at: Number },
  data: {
    ...{ labels: {}, rows: [], draft: "", canSend: false, names: [], hasFocus: false, isVoice: false, recording: "" },
    ...{ intoView: "", isAtEnd: true, chosen: {}, menu: null },
  },
  lifetimes: {
    attached() {
      const desk = new TalkDesk(this);
      desks.set(this, desk);
      desk.open(this.data.conversationId, this.data.at);
      desk.show();
    },
    detached() {
      deskOf(this)?.hide();
      voice.stopPlaying();
    },
  },
  pageLifetimes: {
    show() {
      deskOf(this)?.show();
    },
    hide() {
      deskOf(this)?.hide();
      voice.stopPlaying();
    },
  },
  observers: {
    conversationId(id: string) {
      deskOf(this)?.open(id, this.data.at);
    },
  },
  methods: {
    measure() {
      const query = this.createSelectorQuery();
      query
        .select(".talk-scroll")
        .boundingClientRect((rect) => {
          if (rect !== null) deskOf(this)?.measured(rect.height);
        })
        .exec();
    },
    scrolled(event: WxEvent) {
      this.measure();
      const { scrollTop, scrollHeight } = event.detail;
      deskOf(this)?.scrolled({ scrollTop: Number(scrollTop), scrollHeight: Number(scrollHeight) });
    },
    older() {
      void deskOf(this)?.older();
    },
    newer() {
      void deskOf(this)?.newer();
    },
    toEnd() {
      deskOf(this)?.toEnd();
    },
    toMention() {
      const desk = deskOf(this);
      if (desk !== undefined) void desk.goTo(desk.state.mention);
    },
    toAnswered(event: WxEvent) {
      const seq = Number(dataText(event, "at"));
      if (deskOf(this)?.state.chosen === undefined && seq > 0) void deskOf(this)?.goTo(seq);
    },
    retryLink() {
      application.chat?.link.retryNow();
      application.files?.retry();
    },

    wrote(event: WxEvent) {
      const text = textValue(event);
      const { cursor } = event.detail;
      deskOf(this)?.writing.wrote(text, typeof cursor === "number" ? cursor : text.length);
    },
    blurred() {
      this.setData({ hasFocus: false });
    },
    send() {
      deskOf(this)?.writing.send();
    },
    mention(event: WxEvent) {
      deskOf(this)?.writing.mention(dataText(event, "user"));
    },
    stopAbout() {
      const desk = deskOf(this);
      if (desk?.edited === undefined) desk?.answer(undefined);
      else desk.edit(undefined);
    },
    sendPictures() {
      const desk = deskOf(this);
      if (desk !== undefined) sendPictures(desk);
    },
    toggleVoice() {
      this.setData({ isVoice: !this.data.isVoice });
    },
    pressVoice(event: WxEvent) {
      const desk = deskOf(this);
      if (desk === undefined) return;
      voice.record(desk, heightOf(event));
      this.setData({ recording: "on" });
    },
    slideVoice(event: WxEvent) {
      const recording = voice.slid(heightOf(event)) ? "discard" : "on";
      if (recording !== this.data.recording) this.setData({ recording });
    },
    releaseVoice() {
      voice.finish(false);
      this.setData({ recording: "" });
    },
    cancelVoice() {
      voice.finish(true);
      this.setData({ recording: "" });
    },

    tapped(event: WxEvent) {
      const desk = deskOf(this);
      const message = messageAt(this, event);
      const refused = dataText(event, "client");
      if (desk !== undefined && refused !== "") offerRefusedActions(desk, refused);
      if (desk === undefined || message === undefined || desk.state.chosen !== undefined) return;
      if (message.type === "voice") void voice.toggle(desk, message.body.fileId);
      if (message.type === "image") void preview(message.body.fileId);
    },
    held(event: WxEvent) {
      const desk = deskOf(this);
      const message = messageAt(this, event);
      if (desk === undefined || message === undefined || desk.state.chosen !== undefined) return;
      wx.vibrateShort({ type: "light", fail: () => undefined });
      desk.put({ held: message });
    },
    closeMenu() {
      deskOf(this)?.put({ held: undefined });
    },
    /** Taps in the menu, and slides over it, do not reach what is below. */
    stay() {},
    chooseAction(event: WxEvent) {
      const desk = deskOf(this);
      const message = desk?.state.held;
      const action = MESSAGE_ACTIONS.find((name) => name === dataText(event, "name"));
      if (desk === undefined || message === undefined || action === undefined) return;
      desk.put({ held: undefined });
      doMessageAction(desk, message, action);
    },
    react(event: WxEvent) {
      const desk = deskOf(this);
      const message = messageAt(this, event);
      const emoji = dataText(event, "emoji");
      if (desk === undefined || message === undefined || emoji === "") return;
      desk.put({ held: undefined });
      react(desk, message, emoji);
    },
    toggleChosen(event: WxEvent) {
      const desk = deskOf(this);
      const seq = Number(dataText(event, "seq"));
      if (desk?.state.chosen === undefined || seq === 0) return;
      const chosen = new Set(desk.state.chosen);
      if (!chosen.delete(seq) && chosen.size < MAX_CHOSEN) chosen.add(seq);
      desk.put({ chosen });
    },
    stopChoosing() {
      deskOf(this)?.put({ chosen: undefined });
    },
    forwardChosen() {
      const desk = deskOf(this);
      if (desk !== undefined) forward(desk, [...(desk.state.chosen ?? [])]);
    },
    deleteChosen() {
      const desk = deskOf(this);
      if (desk !== undefined) deleteForMe(desk, [...(desk.state.chosen ?? [])]);
    },
    refusedTapped(event: WxEvent) {
      const desk = deskOf(this);
      if (desk !== undefined) offerRefusedActions(desk, dataText(event, "client"));
    },
    editAgain(event: WxEvent) {
      const desk = deskOf(this);
      desk?.writing.write(desk.recalledText(Number(dataText(event, "seq"))));
    },
    showPerson(event: WxEvent) {
      const user = dataText(event, "user");
      if (user !== "") wx.navigateTo({ url: `/pages/person/person?id=${user}` });
    },
    showDetails() {
      wx.navigateTo({ url: `/pages/details/details?id=${this.data.conversationId}` });
    },
  },
});

async function preview(fileId: string): Promise<void> {
  const path = (await application.files?.load(fileId)) ?? "";
  if (path !== "") wx.previewImage({ urls: [path], current: path });
}
