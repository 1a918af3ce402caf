import { make } from "./dom.ts";

/** The frame with the Worker of the logic layer. It has an origin of its own and reaches only the bus. */
export class LogicFrame {
  readonly #parent: HTMLElement;
  readonly #address: string;
  #frame: HTMLIFrameElement | undefined;

  /** `address` is that of the frame's page. */
  constructor(parent: HTMLElement, address: string) {
    this.#parent = parent;
    this.#address = address;
  }

  /** Starts a logic layer; the one before ends. */
  start(): void {
    this.stop();
    this.#frame = make("iframe", {
      class: "logic-frame",
      attributes: { sandbox: "allow-scripts", src: this.#address, "aria-hidden": "true", title: "logic" },
    });
    this.#parent.append(this.#frame);
  }

  /** Ends the logic layer. */
  stop(): void {
    this.#frame?.remove();
    this.#frame = undefined;
  }
}
