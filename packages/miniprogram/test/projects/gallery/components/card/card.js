Component({ options: { multipleSlots: true }, externalClasses: ["title-class"] });
