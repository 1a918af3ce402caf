Page({
  data: {
    presses: 0,
    name: "熊猫",
    isChecked: false,
    fruits: ["apple"],
    size: "s",
    isOn: false,
    count: 1,
    opened: [],
    isPopped: false,
    steps: [{ text: "一" }, { text: "二" }],
    tree: [{ text: "浙江", children: [{ text: "杭州", id: 1 }] }],
    options: [
      { text: "全部", name: "全部", value: 0 },
      { text: "最新", name: "最新", value: 1 },
    ],
  },
  press() {
    this.setData({ presses: this.data.presses + 1 });
  },
  rename(event) {
    this.setData({ name: event.detail });
  },
  check(event) {
    this.setData({ isChecked: event.detail });
  },
  choose(event) {
    this.setData({ fruits: event.detail });
  },
  resize(event) {
    this.setData({ size: event.detail });
  },
  turn(event) {
    this.setData({ isOn: event.detail });
  },
  step(event) {
    this.setData({ count: event.detail });
  },
  fold(event) {
    this.setData({ opened: event.detail });
  },
  pop() {
    this.setData({ isPopped: true });
  },
  unpop() {
    this.setData({ isPopped: false });
  },
  toast() {
    this.selectComponent("#van-toast").setData({ show: true, message: "提示内容" });
  },
});
