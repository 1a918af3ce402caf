import { describe, expect, test } from "vitest";

import { toDeviceName } from "../../../src/chat/browser/device.ts";

describe("toDeviceName", () => {
  test("browser and system are told from the user agent", () => {
    const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36";
    const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1";

    expect(toDeviceName(chrome)).toBe("Chrome · Linux");
    expect(toDeviceName(phone)).toBe("Safari · iPhone");
    expect(toDeviceName("curl/8")).toBe("");
  });
});
