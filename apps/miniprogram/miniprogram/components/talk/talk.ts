import { application } from "../../platform/application";
import { like, offerMessageActions, offerRefusedActions } from "./message-actions";
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

const heightOf = ({ touches }: WxEvent): number => touches?.[0]?.clientY ?? 0;

Component({
  options: { styleIsolation: "apply-shared" },
  properties: { conversationId: String },
  data: { labels: {}, rows: [], draft: "", canSend: false, isVoice: false, recording: "", intoView: "", isAtEnd: true },
  lifetimes: {
    attached() {
      const desk = new TalkDesk(this);
      desks.set(this, desk);
      desk.open(this.data.conversationId);
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
      deskOf(this)?.open(id);
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
    toEnd() {
      deskOf(this)?.toEnd();
    },
    retryLink() {
      application.chat?.link.retryNow();
      application.files?.retry();
    },

    wrote(event: WxEvent) {
      const draft = textValue(event);
      const { place } = deskOf(this) ?? {};
      place?.chat.reading.typing(place.entry, draft !== "");
      this.setData({ draft, canSend: draft.trim() !== "" });
    },
    send() {
      const desk = deskOf(this);
      const text = this.data.draft.trim();
      if (desk?.place === undefined || text === "") return;
      const { chat, entry } = desk.place;
      const content = { type: "text", body: { text } } as const;
      chat.outbox.send({ conversationId: entry.id, content, replyTo: desk.answered?.seq ?? 0 });
      chat.reading.typing(entry, false);
      this.setData({ draft: "", canSend: false });
      desk.answer(undefined);
      desk.toEnd();
    },
    stopAnswering() {
      deskOf(this)?.answer(undefined);
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
      if (desk === undefined || message === undefined) return;
      if (message.type === "voice") void voice.toggle(desk, message.body.fileId);
      if (message.type === "image") void preview(message.body.fileId);
    },
    held(event: WxEvent) {
      const desk = deskOf(this);
      const message = messageAt(this, event);
      if (desk !== undefined && message !== undefined) offerMessageActions(desk, message);
    },
    react(event: WxEvent) {
      const desk = deskOf(this);
      const message = messageAt(this, event);
      const emoji = dataText(event, "emoji");
      if (desk !== undefined && message !== undefined && emoji !== "") like(desk, message, emoji);
    },
    refusedTapped(event: WxEvent) {
      const desk = deskOf(this);
      if (desk !== undefined) offerRefusedActions(desk, dataText(event, "client"));
    },
    editAgain(event: WxEvent) {
      const draft = deskOf(this)?.recalledText(Number(dataText(event, "seq"))) ?? "";
      this.setData({ draft, canSend: draft !== "", isVoice: false });
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
