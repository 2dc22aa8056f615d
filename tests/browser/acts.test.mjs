// What people do on the page of a request, and with mail in quarantine; in the order in which it is done.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { close, healthy, launch, logIn, open, picture } from "./browser.mjs";
import { asked, opened, story, unnamed } from "./mails.mjs";
import { serve } from "./tracker.mjs";

const STORY = "172345678900123";
const ASKED = "172500000000002";
const OVERDUE = "172500000000003";
let browser, tracker, page;
before(async () => {
  browser = await launch();
  const mails = ["01-received", "02-question", "04-forged-approval", "06-second-received", "07-second-denied"].map(story);
  tracker = await serve([...mails, asked(ASKED), opened(OVERDUE, { hours: 60, account: "444455556666", region: "us-east-1" })]);
  page = await open(browser);
  await logIn(page, tracker);
});
after(async () => {
  await browser?.close();
  await tracker?.stop();
});

const request = (id) => page.goto(`${tracker.home}requests/${id}`);
const press = async (name) => {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForLoadState();
};
const history = () => page.locator(".history");

test("the page says what is ours, what is overdue, and where", async () => {
  assert.equal(await page.title(), "(1 overdue) port25");
  const parts = await page.locator("main h2").allTextContents();
  assert.deepEqual(parts, ["Our turn (2)", "Overdue at AWS (1)", "Accounts and Regions", "Recently changed"]);
  await page.getByRole("table", { name: "Open requests by account and Region" }).getByRole("cell", { name: "1 overdue" }).waitFor();
  await healthy(page, "Requests to AWS", "home");
  await picture(page, "home");
});

test("seen: repeats are held back", async () => {
  await request(ASKED);
  await healthy(page, `Request ${ASKED}`, "request");
  await picture(page, "request");
  await press("I have seen it");
  assert.equal(page.url(), `${tracker.home}requests/${ASKED}`);
  await page.locator(".flag").filter({ hasText: "Repeats are held back (ack) until" }).waitFor();
  await history().getByText("ann saw it, and holds repeats back until").waitFor();
});

test("put off: for a while, or until a time, which must come", async () => {
  await request(OVERDUE);
  await page.getByLabel("or until (UTC)").fill("2020-01-01T10:00");
  await press("Put it off");
  await page.getByRole("heading", { name: "That cannot be used" }).waitFor();
  await healthy(page, "That cannot be used", "problem");
  await picture(page, "problem");
  await page.getByRole("link", { name: "Back, and look again" }).click();
  const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 16);
  await page.getByLabel("or until (UTC)").fill(until);
  await press("Put it off");
  await page.locator(".flag").filter({ hasText: `Repeats are held back (snooze) until ${until.replace("T", " ")}Z` }).waitFor();
});

test("a note stays text, and an old page writes nothing", async () => {
  await request(ASKED);
  const old = await page.context().newPage();
  await old.goto(page.url());
  await page.getByLabel("Words").fill("<b>asked the account's owner</b>");
  await press("Write the note");
  await history().getByText("<b>asked the account's owner</b>").waitFor();
  await old.getByRole("button", { name: "I have answered AWS" }).click();
  await old.getByRole("heading", { name: "The request has changed" }).waitFor();
  await old.getByRole("link", { name: "Back, and look again" }).click();
  await old.getByRole("heading", { name: `Request ${ASKED}` }).waitFor();
  await old.close();
});

test("the same form twice is one word", async () => {
  await request(ASKED);
  await page.getByLabel("Words").fill("said once");
  const form = await page.locator("form[action$='/note']").evaluate((form) => new URLSearchParams(new FormData(form)).toString());
  const send = () => page.request.post(`${tracker.home}requests/${ASKED}/note`, {
    data: form, headers: { "content-type": "application/x-www-form-urlencoded" }, maxRedirects: 0,
  });
  assert.deepEqual([(await send()).status(), (await send()).status()], [303, 303]);
  await page.reload();
  assert.equal(await history().getByText("said once").count(), 1);
  const stolen = await page.request.post(`${tracker.home}requests/${ASKED}/note`, {
    form: { text: "from elsewhere", csrf: "x", key: "k", version: "1" }, maxRedirects: 0,
  });
  assert.equal(stolen.status(), 403, "without the secret of the session nothing is written");
});

test("the draft can be had as a mail, and AWS's clock starts again when it was sent", async () => {
  await request(STORY);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download it as a mail" }).click()]);
  assert.equal(download.suggestedFilename(), `reply-${STORY}.eml`);
  const mail = readFileSync(await download.path(), "utf8");
  assert.match(mail, /^X-Unsent: 1\r?$/m);
  assert.match(mail, /^In-Reply-To: </m);
  await press("I have answered AWS: its clock starts again");
  await page.locator(".summary").getByText("Waiting for AWS").waitFor();
  await page.getByText("Waited ").waitFor();
});

test("settled, and opened again", async () => {
  await request(STORY);
  await page.getByLabel("How it ended").selectOption("closed");
  await page.getByLabel("Why (optional)").fill("not needed any more");
  await press("Settle it");
  await page.locator(".summary").getByText("Closed").waitFor();
  await history().getByText("not needed any more").waitFor();
  assert.equal(await page.getByRole("button", { name: "I have seen it" }).count(), 0);
  await press("Open it again");
  await page.locator(".summary").getByText("Our turn: reopened").waitFor();
});

test("AWS's ID is said when it is learned", async () => {
  await tracker.send(unnamed("without-an-id"));
  await page.goto(tracker.home);
  await page.locator(".requests").getByRole("link", { name: /^p25-/ }).click();
  await page.getByLabel("The ID, as AWS shows it").fill("nonsense");
  await press("This is its ID");
  await page.getByRole("heading", { name: "That cannot be used" }).waitFor();
  await page.getByRole("link", { name: "Back, and look again" }).click();
  await page.getByLabel("The ID, as AWS shows it").fill("172500000000777");
  await healthy(page, /^Request p25-/, "a request without an ID");
  await picture(page, "request-without-an-id");
  await press("This is its ID");
  await page.getByRole("heading", { name: "Request 172500000000777" }).waitFor();
  await history().getByText("of request 172500000000777").waitFor();
  assert.equal(await page.getByRole("button", { name: "This is its ID" }).count(), 0);
});

test("mail in quarantine is released by a person", async () => {
  await page.goto(tracker.home);
  await page.getByText("Quarantine of the last 7 days (1)").click();
  await page.getByRole("link", { name: "Release or dismiss them" }).click();
  await healthy(page, "Quarantine", "quarantine");
  await picture(page, "quarantine");
  await page.getByLabel("What it is").selectOption("approved");
  await page.getByLabel("Why (optional)").first().fill("called AWS");
  await press("Release it");
  await page.getByRole("heading", { name: `Request ${STORY}` }).waitFor();
  await history().getByText("called AWS").waitFor();
  await page.goto(`${tracker.home}quarantine`);
  await page.getByText("Nothing is here").waitFor();
  await healthy(page, "Quarantine", "empty quarantine");
});

test("nothing was said on the console", () => close(page));
