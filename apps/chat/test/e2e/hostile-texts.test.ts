import { expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";

/** Short enough for every field. */
const HTML = `<img src=x onerror=crack()>`;

/** Elements that are there only when a text was taken for HTML, and addresses that a click would run. */
const CRACKS = `[...document.querySelectorAll("img[src=x], [onerror], a[href^='javascript:'], a[href^='data:']")].map((found) => found.outerHTML)`;

describePage("F: the chat page in Chromium", (suite) => {
  test("HTML in every field that others fill stays text", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    const api = new ApiClient(chat.url);
    const device = { key: "another-device", platform: "desktop" as const, name: HTML };
    const password = "correct horse battery";
    const own = new ApiClient(chat.url, await api.call("sign_in", { username: ada.username, password, device }));
    const eve = await api.register("eve_1");
    const [adaId, eveId] = [own.session?.me.id ?? "", eve.session.me.id];
    await eve.call("update_profile", {
      nickname: HTML,
      details: { bio: HTML, location: HTML, website: `https://example.com/?${HTML}` },
    });
    await eve.call("request_friend", { userId: adaId, message: HTML });
    await ada.goTo("/?tab=contacts&page=requests");
    await ada.page.getByText(HTML).first().waitFor();
    const { requests } = await own.call("list_friend_requests", { direction: "incoming" });
    await own.call("answer_friend_request", { requestId: requests[0]?.id ?? "", answer: "accept", remark: HTML });
    const { conversation } = await eve.call("create_group", { userIds: [adaId], title: HTML });
    const conversationId = conversation.id;
    await eve.call("update_group", { conversationId, notice: HTML });
    await eve.call("update_membership", { conversationId, alias: HTML });
    const form = new FormData();
    form.append("file", new Blob(["x"]), "x.txt");
    const { file } = (await eve.request("/files", { method: "POST", body: form })).body as { file: { id: string } }; // the answer of upload_file
    const contents = [
      {
        type: "text",
        body: { text: `${HTML}<script>crack()</script> javascript:crack() https://example.com/"onerror=` },
      },
      { type: "file", body: { fileId: file.id, name: HTML, size: 1 } },
      { type: "location", body: { latitude: 0, longitude: 0, title: HTML, address: HTML } },
      { type: "card", body: { userId: eveId } },
      { type: "custom", body: { kind: HTML, data: HTML } },
    ] as const;
    for (const [place, content] of contents.entries())
      await eve.call("send_message", { conversationId, clientMessageId: `hostile-${place}`, content });
    await eve.call("react", { conversationId, seq: 1, emoji: HTML, on: true });

    for (const path of [
      "/",
      `/?c=${conversationId}`,
      `/?c=${conversationId}&panel=details`,
      "/?tab=contacts",
      `/u/${eveId}`,
      "/?tab=settings&page=devices",
    ]) {
      await ada.goTo(path);
      await ada.page.getByText(HTML).first().waitFor();

      expect([path, await ada.page.evaluate(CRACKS)]).toEqual([path, []]);
    }
    expect(ada.errors).toEqual([]);
  });
});
