Component({
  properties: { face: Object, size: { type: Number, value: 44 }, online: Boolean },
});
