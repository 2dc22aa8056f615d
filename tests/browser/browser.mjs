// Debian's Chromium, and what is asked of every page: no violation that axe-core finds, nothing on the console.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = process.env.PICTURES ?? new URL("../../target/browser/", import.meta.url).pathname;
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const installed = () => process.env.CHROMIUM ?? execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();

/** A browser for one test file. */
export const launch = () => chromium.launch({ executablePath: installed(), args: FLAGS });

/** A page in a context of its own. What it says on the console, or would have run against the CSP, is kept. */
export const open = async (browser, options = {}) => {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.said = [];
  page.on("console", (message) => {
    // A problem's status is no fault of the page.
    if (["error", "warning"].includes(message.type()) && !message.text().includes("the server responded with a status of")) {
      page.said.push(message.text());
    }
  });
  page.on("pageerror", (error) => page.said.push(String(error)));
  return page;
};

/** Closes it; nothing may have been said. */
export const close = async (page) => {
  await page.context().close();
  assert.deepEqual(page.said, [], "nothing on the console");
};

/** Logs in with the code of a link. */
export const logIn = async (page, tracker) => {
  await page.goto(tracker.link);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { level: 1, name: "Requests to AWS" }).waitFor();
};

/**
 * Nothing that axe-core finds, in light and dark, on the page with this heading: a click does not wait for the page that it opens,
 * and what is looked at must not be the page that goes.
 */
export const healthy = async (page, heading, what, colorSchemes = ["light", "dark"]) => {
  await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme });
    // Folded parts are read too.
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await page.evaluate(AXE);
    const found = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
    const said = found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join("; ")}`);
    assert.deepEqual(said, [], `${what}, ${colorScheme}`);
    assert.ok(found.passes.length > 5, `${what} was looked at`);
  }
  await page.emulateMedia({ colorScheme: "light" });
};

/** Keeps a picture of the whole page. */
export const picture = async (page, name, options = {}) => {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true, ...options });
};

/** Presses Tab until what is focused fits. */
export const tabTo = async (page, fits, most = 80) => {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      return { text: element.textContent.trim(), tag: element.tagName, id: element.id, outline: style.outlineStyle, left: element.getBoundingClientRect().left };
    });
    if (seen.tag !== "BODY") assert.notEqual(seen.outline, "none", `${seen.tag} ${seen.text}: the focus is seen`);
    if (fits(seen)) return;
  }
  assert.fail("it is not reached by Tab");
};
