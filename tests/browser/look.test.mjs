// How the page is used: by keyboard, in the dark, on a phone, on paper, without JavaScript, and with it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { close, healthy, launch, open, picture, tabTo } from "./browser.mjs";
import { asked, opened, story } from "./mails.mjs";
import { serve } from "./tracker.mjs";

const ASKED = "172500000000002";
let browser, tracker, page;
before(async () => {
  browser = await launch();
  const mails = ["01-received", "04-forged-approval", "06-second-received", "07-second-denied"].map(story);
  tracker = await serve([...mails, asked(ASKED), opened("172500000000003"), opened("172500000000004", { region: "ap-northeast-1" })]);
});
after(async () => {
  await browser?.close();
  await tracker?.stop();
});

/** Another context with the same session: a code is used once. */
const like = async (options) => open(browser, { ...options, storageState: await page.context().storageState() });
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

test("by keyboard alone: in, to the content, to a request, and done", async () => {
  page = await open(browser);
  await page.goto(tracker.link);
  await tabTo(page, ({ tag }) => tag === "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByText("The tracker is well").waitFor();
  await tabTo(page, ({ text, left }) => text === "Skip to the content" && left >= 0, 1);
  await page.keyboard.press("Enter");
  await tabTo(page, ({ text }) => text === ASKED);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: `Request ${ASKED}` }).waitFor();
  await tabTo(page, ({ text }) => text === "I have seen it");
  await page.keyboard.press("Enter");
  await page.getByText("Repeats are held back (ack)").waitFor();
});

test("in the dark", async () => {
  const dark = await like({ colorScheme: "dark" });
  await dark.goto(tracker.home);
  await picture(dark, "home-dark");
  const [page_, ink] = await dark.evaluate(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]);
  assert.ok(page_ === "rgb(13, 17, 23)" && ink !== page_, `${page_} ${ink}`);
  await dark.goto(`${tracker.home}requests/${ASKED}`);
  await picture(dark, "request-dark");
  await close(dark);
});

test("on a phone nothing is wider than the screen", async () => {
  const phone = await like({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  for (const [path, name, heading] of [
    ["", "home", "Requests to AWS"], [`requests/${ASKED}`, "request", `Request ${ASKED}`], ["quarantine", "quarantine", "Quarantine"],
  ]) {
    await phone.goto(tracker.home + path);
    await picture(phone, `${name}-phone`);
    await healthy(phone, heading, `${name} on a phone`);
    assert.ok(await fits(phone), `${name} fits`);
  }
  await close(phone);
});

test("on paper there are no forms, and what is folded is printed", async () => {
  await page.goto(`${tracker.home}requests/${ASKED}`);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("form:visible, header:visible").count(), 0);
  assert.ok(await page.locator(".draft").isVisible());
  await picture(page, "request-print");
  await page.emulateMedia({ media: "screen" });
});

test("without JavaScript everything works, and the page asks for itself again", async () => {
  const plain = await like({ javaScriptEnabled: false });
  await plain.goto(tracker.home);
  assert.equal(await plain.locator("meta[http-equiv=refresh]").count(), 1);
  await plain.getByRole("link", { name: "172500000000003" }).first().click();
  assert.equal(await plain.locator("meta[http-equiv=refresh]").count(), 0, "no form is taken from under its reader");
  await plain.getByLabel("Words").fill("by form alone");
  await plain.getByRole("button", { name: "Write the note" }).click();
  await plain.locator(".history").getByText("by form alone").waitFor();
  await close(plain);
});

test("with JavaScript it renews itself in place: place, focus and what is unfolded stay", async () => {
  const live = await like({ viewport: { width: 1000, height: 500 } });
  await live.clock.install();
  await live.goto(tracker.home);
  assert.equal(await live.locator("meta[http-equiv=refresh]").count(), 0);
  await live.locator(".recent .ago").first().waitFor();
  await live.locator("summary").filter({ hasText: "Quarantine" }).click();
  const link = live.locator(".recent").getByRole("link", { name: "172345678900123" });
  await link.focus();
  const place = () => link.evaluate((link) => Math.round(link.getBoundingClientRect().top));
  const before = await live.evaluate(() => { scrollTo(0, 200); window.here = true; }).then(place);
  await tracker.send(opened("172500000000009", { hours: 0 }));
  for (let n = 0; n < 50 && (await live.getByRole("link", { name: "172500000000009" }).count()) === 0; n += 1) {
    await live.clock.fastForward(31_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await live.getByRole("link", { name: "172500000000009" }).first().waitFor();
  assert.ok(await live.evaluate(() => window.here), "it was not loaded anew");
  assert.equal(await live.evaluate(() => document.activeElement.textContent), "172345678900123");
  assert.ok(Math.abs((await place()) - before) <= 1, `${await place()} was ${before}`);
  assert.ok(await live.locator("details").filter({ hasText: "Quarantine" }).evaluate((details) => details.open));
  await close(live);
});

test("what somebody writes is not taken from under them", async () => {
  const live = await like({});
  await live.clock.install();
  await live.goto(`${tracker.home}requests/${ASKED}`);
  await live.getByLabel("Words").fill("half a sen");
  await live.locator("h1").click();
  await live.clock.fastForward(95_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await live.getByLabel("Words").inputValue(), "half a sen");
  await close(live);
});

test("nothing was said on the console", () => close(page));
