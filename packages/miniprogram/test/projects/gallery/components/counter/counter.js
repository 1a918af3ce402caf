const logger = require("../logger");

Component({
  behaviors: [logger],
  properties: {
    label: String,
    start: { type: Number, value: 5, observer: "started" },
  },
  data: { count: 0, doubled: 0, _private: 1 },
  options: { pureDataPattern: /^_/ },
  observers: {
    count(count) {
      this.setData({ doubled: count * 2 });
    },
    "label, start"(label, start) {
      this.note(`observed ${label} ${start}`);
    },
  },
  lifetimes: {
    created() {
      this.note("created");
    },
    attached() {
      this.note("attached");
      this.setData({ count: this.properties.start });
    },
    ready() {
      this.note("ready");
    },
    detached() {
      this.note("detached");
    },
  },
  pageLifetimes: {
    show() {
      this.note("page show");
    },
  },
  methods: {
    started(next) {
      this.note(`started ${next}`);
    },
    add() {
      this.setData({ count: this.data.count + 1 });
      this.triggerEvent("changed", { count: this.data.count }, { bubbles: true, composed: true });
    },
    reset() {
      this.setData({ count: 0 });
      return "was reset";
    },
  },
});
