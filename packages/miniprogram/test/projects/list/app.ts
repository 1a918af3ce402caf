declare function App(definition: { readonly globalData: { loads: number } }): void;

App({ globalData: { loads: 0 } });

export {};
