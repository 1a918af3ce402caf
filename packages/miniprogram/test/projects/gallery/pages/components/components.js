Page({
  data: { label: "first", start: 7, seen: "here", heard: "", notes: "", behavior: "", isSecond: true },
  changed({ detail, currentTarget }) {
    this.setData({ heard: `${currentTarget.id} ${detail.count}` });
  },
  bubbled({ detail }) {
    this.setData({ heard: `bubbled ${detail.count}` });
  },
  use() {
    const counter = this.selectComponent("#counter");
    const result = counter.reset();
    this.setData({
      notes: counter.notes().join("; "),
      behavior: `${result} ${counter.data.fromBehavior} ${counter.data.tag} ${this.selectAllComponents(".second").length}`,
    });
  },
  relabel() {
    this.setData({ label: "renamed", isSecond: false });
  },
});
