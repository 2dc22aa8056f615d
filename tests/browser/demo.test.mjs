// The story of the demo, as its page tells it while it is played.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { close, healthy, launch, logIn, open, picture } from "./browser.mjs";
import { demo } from "./tracker.mjs";

const STORY = "172345678900123";
let browser, tracker;
before(async () => {
  browser = await launch();
  // With no pause at all the story is over before a browser has started.
  tracker = await demo(2);
});
after(async () => {
  await browser?.close();
  await tracker?.stop();
});

test("silence, a question, a forgery and an approval are seen as they come", async () => {
  const page = await open(browser, { viewport: { width: 1160, height: 860 } });
  await logIn(page, tracker);
  const titles = new Set();
  const end = Date.now() + 60_000;
  while (Date.now() < end && !tracker.said().includes("The end.")) {
    await page.reload();
    const title = await page.title();
    if (title.includes("our turn") && !titles.has(title)) await picture(page, "demo-our-turn", { fullPage: false });
    if (title.includes("overdue") && !titles.has(title)) await picture(page, "demo-overdue", { fullPage: false });
    titles.add(title);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await page.reload();
  for (const title of ["(1 overdue) port25", "(1 our turn) port25", "port25"]) assert.ok(titles.has(title), `${title} in ${[...titles]}`);
  await page.locator(".recent li").filter({ hasText: STORY }).getByText("Approved").waitFor();
  await page.getByText("Quarantine of the last 7 days (1)").waitFor();
  await healthy(page, "Requests to AWS", "the end of the demo");
  await page.goto(`${tracker.home}requests/${STORY}`);
  await page.getByText("AWS is overdue").first().waitFor();
  await page.getByText("Waited 2 d 23 h in all").waitFor();
  await picture(page, "demo-request");
  await close(page);
});
