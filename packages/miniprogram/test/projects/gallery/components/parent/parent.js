Component({
  data: { count: 0, names: "" },
  relations: {
    "../child/child": {
      type: "child",
      linked() {
        this.update();
      },
      unlinked() {
        this.update();
      },
    },
  },
  methods: {
    update() {
      const nodes = this.getRelationNodes("../child/child");
      this.setData({ count: nodes.length, names: nodes.map(({ properties }) => properties.name).join(",") });
    },
  },
});
