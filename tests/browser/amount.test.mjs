// The page with no request, and with very many.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { close, healthy, launch, logIn, open, picture } from "./browser.mjs";
import { many } from "./mails.mjs";
import { serve } from "./tracker.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test("nothing there: the page says what to do", async () => {
  const empty = await serve();
  try {
    const first = await open(browser);
    await logIn(first, empty);
    await first.getByText("A request appears here with AWS's first mail about it.").waitFor();
    await healthy(first, "Requests to AWS", "empty");
    await picture(first, "empty");
    const missing = await first.goto(`${empty.home}requests/none`);
    assert.equal(missing.status(), 404);
    await healthy(first, "No such request", "not found");
    await close(first);
  } finally {
    await empty.stop();
  }
});

test("two hundred requests", async () => {
  const full = await serve(many(200));
  try {
    const first = await open(browser);
    await logIn(first, full);
    assert.equal(await first.locator(".requests tbody tr").count(), 200);
    assert.equal(await first.locator(".matrix tbody tr").count(), 12);
    await healthy(first, "Requests to AWS", "200 requests", ["light"]);
    await picture(first, "many", { fullPage: false });
    await close(first);
  } finally {
    await full.stop();
  }
});
