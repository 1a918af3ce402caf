import { describe, expect, test } from "vitest";

import { sendByFetch } from "../../src/calls/send-by-fetch.ts";

type Request = Parameters<Parameters<typeof sendByFetch>[0]>;

describe("sendByFetch", () => {
  test("a body travels as JSON to the server that is named", async () => {
    const requests: Request[] = [];
    const send = sendByFetch(async (...request) => {
      requests.push(request);
      return { status: 200, json: async () => ({ seq: 3 }) };
    }, "https://chat.example.com");

    const answer = await send({ method: "PUT", path: "/api/me", headers: { a: "b" }, body: { nickname: "Ada" } });

    expect(answer).toEqual({ status: 200, body: { seq: 3 } });
    expect(requests).toEqual([
      [
        "https://chat.example.com/api/me",
        { method: "PUT", headers: { a: "b", "content-type": "application/json" }, body: '{"nickname":"Ada"}' },
      ],
    ]);
  });

  test("an answer without a body is not read, and a request without one names no type", async () => {
    const requests: Request[] = [];
    const send = sendByFetch(async (...request) => {
      requests.push(request);
      return { status: 204, json: async () => Promise.reject(new SyntaxError("no JSON")) };
    });

    expect(await send({ method: "DELETE", path: "/api/x", headers: {}, body: undefined })).toEqual({
      status: 204,
      body: {},
    });
    expect(requests).toEqual([["/api/x", { method: "DELETE", headers: {} }]]);
  });
});
