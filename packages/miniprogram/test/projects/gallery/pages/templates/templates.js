Page({
  data: {
    step: 0,
    title: "footer",
    person: { name: "ada", age: 36 },
    isBadge: true,
    isHidden: false,
    picked: "",
    fromScript: "",
    log: "",
    fruits: [
      { id: "a", name: "apple", count: 1, tags: ["red", "round"] },
      { id: "b", name: "banana", count: 2, tags: [] },
      { id: "c", name: "cherry", count: 3, tags: ["red"] },
    ],
  },
  next() {
    this.setData({ step: this.data.step + 1 });
  },
  pick({ currentTarget: { dataset } }) {
    this.setData({ picked: `${dataset.id} ${dataset.fruitName}` });
  },
  shuffle() {
    const [a, b, c] = this.data.fruits;
    this.setData({ fruits: [c, { ...a, count: 10 }, b] });
  },
  fromScript({ type }) {
    this.setData({ fromScript: type });
  },
  captured() {
    this.setData({ log: "capture" });
  },
  inner() {
    this.setData({ log: this.data.log + " inner" });
  },
  outer() {
    this.setData({ log: this.data.log + " outer" });
  },
});
