Component({
  properties: { name: String },
  relations: { "../parent/parent": { type: "parent" } },
});
