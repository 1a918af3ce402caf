module.exports = Behavior({
  properties: { tag: { type: String, value: "none" } },
  data: { fromBehavior: "shared" },
  methods: {
    note(text) {
      (this._notes = this._notes || []).push(text);
    },
    notes() {
      return this._notes;
    },
  },
});
