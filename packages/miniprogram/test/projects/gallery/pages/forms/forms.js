Page({
  data: {
    name: "",
    typed: "",
    modelled: "start",
    isOn: false,
    colours: "",
    moved: "",
    fruits: [{ name: "apple" }, { name: "banana" }, { name: "cherry" }],
    fruit: 0,
    date: "2024-02-29",
    columns: [
      ["a", "b"],
      ["1", "2", "3"],
    ],
    place: [0, 0],
    submitted: "",
  },
  typed(event) {
    this.setData({ typed: `${event.detail.value}|${event.detail.cursor}` });
  },
  upper(event) {
    return event.detail.value.toUpperCase();
  },
  focused() {},
  blurred() {},
  confirmed(event) {
    this.setData({ typed: `confirmed ${event.detail.value}`, name: "" });
  },
  told() {},
  flagged({ detail }) {
    this.setData({ isOn: detail.value });
  },
  coloured({ detail }) {
    this.setData({ colours: detail.value.join("+") });
  },
  sized() {},
  moved({ detail }) {
    this.setData({ moved: detail.value });
  },
  fruited({ detail }) {
    this.setData({ fruit: detail.value });
  },
  dated({ detail }) {
    this.setData({ date: detail.value });
  },
  turned({ detail }) {
    if (detail.column === 0) this.setData({ "columns[1]": ["7", "8"] });
  },
  placed({ detail }) {
    this.setData({ place: detail.value });
  },
  submitted({ detail }) {
    this.setData({ submitted: JSON.stringify(detail.value) });
  },
  wasReset() {
    this.setData({ submitted: "reset" });
  },
  wheeled() {},
});
