// Who comes in, and how: a link with a code, a token, and a link from a mail.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { close, healthy, launch, logIn, open, picture } from "./browser.mjs";
import { opened, story } from "./mails.mjs";
import { serve } from "./tracker.mjs";

const ID = "172500000000001";
let browser, tracker;
before(async () => {
  browser = await launch();
  tracker = await serve([opened(ID), story("06-second-received")]);
});
after(async () => {
  await browser?.close();
  await tracker?.stop();
});

test("a link with a code shows a form and takes nothing; the form takes it, once", async () => {
  const page = await open(browser);
  for (let look = 0; look < 2; look += 1) {
    await page.goto(tracker.link);
    assert.equal(await page.title(), "Log in - port25");
  }
  assert.deepEqual(await page.context().cookies(), [], "showing the form is no login");
  await healthy(page, "Log in", "login");
  await picture(page, "login");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("The tracker is well").waitFor();
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Strict", "/"]);
  assert.equal(await page.evaluate(() => document.cookie), "", "out of reach of scripts");

  // A link from a mail comes without the cookie: the way on is on the page.
  await page.route("http://mail.example/", (route) =>
    route.fulfill({ contentType: "text/html", body: `<a href="${tracker.home}requests/${ID}">the request</a>` }));
  await page.goto("http://mail.example/");
  await page.getByRole("link", { name: "the request" }).click();
  await page.getByRole("heading", { name: "Log in first" }).waitFor();
  await healthy(page, "Log in first", "login wanted");
  await page.getByRole("link", { name: "Open the page again" }).click();
  await page.getByRole("heading", { name: `Request ${ID}` }).waitFor();

  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Token or login code").waitFor();
  await page.goto(tracker.home);
  await page.getByRole("heading", { name: "Log in first" }).waitFor();
  await close(page);

  // The code was used.
  const other = await open(browser);
  await other.goto(tracker.link);
  await other.getByRole("button", { name: "Log in" }).click();
  await other.getByRole("alert").filter({ hasText: "no token or login code of ours" }).waitFor();
  assert.deepEqual(await other.context().cookies(), []);
  await healthy(other, "Log in", "login refused");
  await close(other);
});

test("a token opens the request that was wanted; who may only look sees no forms, and no words of mails", async (t) => {
  const { read, write } = tracker.tokens;
  if (!read || !write) return t.skip("this program makes no tokens");
  for (const [token, forms] of [[write, true], [read, false]]) {
    const page = await open(browser);
    await page.goto(`${tracker.home}requests/${ID}`);
    await page.getByRole("link", { name: "Log in" }).click();
    await page.getByLabel("Token or login code").fill(token);
    await page.getByLabel("Token or login code").press("Enter");
    await page.getByRole("heading", { name: `Request ${ID}` }).waitFor();
    assert.equal((await page.getByRole("button", { name: "I have seen it" }).count()) > 0, forms);
    assert.equal((await page.getByText("Its words are shown to sessions that may write.").count()) > 0, !forms);
    if (!forms) await healthy(page, `Request ${ID}`, "a reader's request");
    await close(page);
  }
});

test("who opens a request without a session lands on it after the login", async () => {
  await tracker.stop();
  tracker = await serve([opened(ID)]);
  const page = await open(browser);
  await page.goto(`${tracker.home}requests/${ID}`);
  await page.getByRole("link", { name: "Log in" }).click();
  await page.getByLabel("Token or login code").fill(new URL(tracker.link).searchParams.get("code"));
  await page.getByLabel("Token or login code").press("Enter");
  await page.getByRole("heading", { name: `Request ${ID}` }).waitFor();
  assert.equal(page.url(), `${tracker.home}requests/${ID}`);
  await close(page);
});
