Component({
  properties: { label: String, count: Number },
  data: { loaded: "" },
  methods: {
    onLoad(query) {
      this.setData({ loaded: `${Object.keys(query).length} ${getCurrentPages().length}` });
    },
  },
});
