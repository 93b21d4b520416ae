// Chromium, driven by playwright-core: pages that must stay without console errors and without
// faults of accessibility, in light, in dark, at 320 px, zoomed twice and with letters twice as
// large; pictures for people to look at, and trees of accessibility for people to compare.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { answered } from "./answered.mjs";
import { shiftClock } from "./clock.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Where pictures go: git ignores it. */
const PICTURES = fileURLToPath(new URL("../../../out/e2e", import.meta.url));

/** Trees of accessibility, kept with the journeys. */
const TREES = fileURLToPath(new URL("../trees", import.meta.url));

/** Widths and colour schemes every page is looked at in. */
const LOOKS = [
  { name: "light", colorScheme: "light", width: 1280, height: 860 },
  { name: "dark", colorScheme: "dark", width: 1280, height: 860 },
  { name: "320", colorScheme: "light", width: 320, height: 720 },
  // What a window of 1280 px shows zoomed twice.
  { name: "zoom-200", colorScheme: "light", width: 640, height: 430 },
  // Letters twice as large, and nothing else (RGAA 10.4).
  { name: "text-200", colorScheme: "light", width: 1280, height: 860, letters: 2 },
];

/** @param {{args?: string[]}} options further arguments of Chromium */
export async function launch({ args = [] } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb", ...args],
  });
}

/**
 * A new person's browser: its own cookies, and a record of all that went wrong in its pages.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions & {ahead?: number}} options `ahead`: of the
 *   machine's clock, in milliseconds
 */
export async function person(browser, { ahead = 0, ...options } = {}) {
  const context = await browser.newContext({
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    viewport: { width: 1280, height: 860 },
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  if (ahead !== 0) await context.addInitScript(shiftClock, ahead);
  const faults = [];
  context.on("weberror", (error) => faults.push(`${error.page()?.url()}: ${error.error()}`));
  context.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    faults.push(`${message.location().url}: ${message.text()}`);
  });
  return new Person(context, faults);
}

class Person {
  constructor(context, faults) {
    this.context = context;
    this.faults = faults;
  }

  /** A new tab. */
  tab() {
    return answered("a new tab", this.context.newPage());
  }

  /**
   * What the console may say, since the journey makes it happen.
   * @param {RegExp} pattern
   */
  expects(pattern) {
    for (let index = this.faults.length - 1; index >= 0; index -= 1) {
      if (pattern.test(this.faults[index])) this.faults.splice(index, 1);
    }
  }

  /** Ends the visit: nothing may have gone wrong. */
  async leave() {
    await answered("the end of a visit", this.context.close());
    assert.deepEqual(this.faults, [], "the console must stay silent");
  }
}

/**
 * A debugger's session on a page, whose commands fail by name when no answer comes.
 * @param {import("playwright-core").Page} page
 */
async function debuggerOf(page) {
  const client = await answered("a debugger's session", page.context().newCDPSession(page));
  return {
    send: (command, options) => answered(command, client.send(command, options)),
    detach: () => answered("detach", client.detach()),
  };
}

const resize = (page, size) => answered("the window's size", page.setViewportSize(size));
const emulate = (page, colorScheme) => answered("the colours", page.emulateMedia({ colorScheme, reducedMotion: "reduce" }));

/** What the letters of a page are multiplied by just now. */
const lettersOf = (page) =>
  answered("the letters", page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16));

/**
 * Does something while the browser's own setting of the letters' size is so many times 16 px, as a
 * reader makes it. The setting ends with the debugger's session that made it, and whenever the
 * window's size changes, which a picture of the whole page does.
 */
async function withLetters(page, times, what) {
  const client = await debuggerOf(page);
  const set = (by) => client.send("Page.setFontSizes", { fontSizes: { standard: 16 * by, fixed: 13 * by } });
  try {
    await set(times);
    await page.waitForFunction((size) => getComputedStyle(document.documentElement).fontSize === size, `${16 * times}px`);
    await what();
    assert.equal(await lettersOf(page), times, "the letters changed meanwhile");
  } finally {
    await set(1);
    await client.detach();
  }
}

/** The texts that their own box cuts off. Runs in the page. */
function cutTexts() {
  const cut = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
    const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element;
    // What only screen readers read is a pixel large.
    if (!own || clientWidth <= 1 || clientHeight <= 1) continue;
    const { overflowX, overflowY } = getComputedStyle(element);
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    const wide = hides(overflowX) && scrollWidth > clientWidth + 1;
    const high = hides(overflowY) && scrollHeight > clientHeight + 2;
    if (wide || high) cut.push(`${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 60)}”`);
  }
  return cut;
}

/** What is wrong with a page as it is shown now. */
async function faultsOf(page) {
  const found = await accessibilityFaults(page);
  const over = await answered(
    "the widths",
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  );
  if (over > 0) found.push(`scrolls sideways by ${over} px`);
  for (const text of await answered("the texts", page.evaluate(cutTexts))) found.push(`cut: ${text}`);
  return found;
}

/**
 * Looks at a page in every look: a picture, no fault of accessibility, no sideways scrolling.
 * @param {import("playwright-core").Page} page
 * @param {string} name of the pictures
 * @param {{looks?: string[], settled?: () => Promise<unknown>}} options
 */
export async function look(page, name, { looks = LOOKS.map((one) => one.name), settled } = {}) {
  await mkdir(PICTURES, { recursive: true });
  const before = page.viewportSize();
  const found = [];
  for (const one of LOOKS.filter((candidate) => looks.includes(candidate.name))) {
    await resize(page, { width: one.width, height: one.height });
    await emulate(page, one.colorScheme);
    const path = join(PICTURES, `${name}-${one.name}.png`);
    const show = async (picture) => {
      await settled?.();
      await answered("the fonts", page.evaluate(() => document.fonts.ready.then(() => undefined)));
      for (const fault of await faultsOf(page)) found.push(`${one.name}: ${fault}`);
      await picture();
    };
    if (one.letters === undefined) await show(() => page.screenshot({ path, fullPage: true }));
    // What the window shows: a picture of the whole page would be taken in another window.
    else await withLetters(page, one.letters, () => show(() => page.screenshot({ path })));
  }
  if (before) await resize(page, before);
  await emulate(page, null);
  assert.deepEqual(found, [], `${name} (${page.url()})`);
}

/**
 * Compares a page's tree of accessibility with the one kept under `trees/`; writes it when it is
 * not there yet or when `UPDATE_TREES` is set.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {import("playwright-core").Locator} of the part that is meant, when not the whole page
 */
export async function tree(page, name, of = page.locator("body")) {
  const now = steady(await of.ariaSnapshot());
  const file = join(TREES, `${name}.yml`);
  const kept = await readFile(file, "utf8").catch(() => null);
  if (kept === null || process.env.UPDATE_TREES) {
    assert.ok(!process.env.CI || process.env.UPDATE_TREES, `${file} is not kept yet`);
    await mkdir(TREES, { recursive: true });
    await writeFile(file, `${now}\n`);
    return;
  }
  assert.equal(`${now}\n`, kept, `the tree of ${name} has changed; if it is meant: UPDATE_TREES=1`);
}

/** The same text whatever the port, the visit and the moment. */
function steady(text) {
  const months = Array.from({ length: 12 }, (_, month) =>
    ["fr", "en"].map((locale) =>
      new Date(2026, month, 1).toLocaleDateString(locale, { month: "long" }),
    ),
  ).flat();
  const days = Array.from({ length: 7 }, (_, day) =>
    ["fr", "en"].map((locale) =>
      new Date(2026, 0, 1 + day).toLocaleDateString(locale, { weekday: "long" }),
    ),
  ).flat();
  const date = `(?:(?:${days.join("|")}),? )?\\d{1,2}(?:er)? (?:${months.join("|")})(?: \\d{4})?`;
  return text
    .replaceAll(/localhost:\d+/g, "localhost:PORT")
    .replaceAll(/(\/|%2F)connexion(\/|%2F)[a-z0-9]{8}\b/g, "$1connexion$2KEY")
    .replaceAll(/(\/|%2F)(invitation|mot(?:-|%2D)de(?:-|%2D)passe)(\/|%2F)(?:[A-Za-z0-9_-]|%2D|%5F){43}/g, "$1$2$3SECRET")
    .replaceAll(/[0-9a-f]{8}((?:-|%2D)[0-9a-f]{4}){3}(?:-|%2D)[0-9a-f]{12}/g, "ID")
    .replaceAll(new RegExp(date, "gi"), "DAY")
    .replaceAll(/\b\d+ ms\b/g, "DELAY")
    // On the hour, nothing follows the h.
    .replaceAll(/\d{1,2}\sh(\s\d{2})?\b(?!\.\w)/g, "TIME")
    .replaceAll(/\d{1,2}:\d{2}(\s?[ap]\.?m\.?)?/gi, "TIME");
}

/** What axe finds on a page, one line each. */
export async function accessibilityFaults(page) {
  const client = await debuggerOf(page);
  try {
    // Through the debugger, in a world of its own: the page's own policy stays as it is.
    const { frameTree } = await client.send("Page.getFrameTree");
    const { executionContextId } = await client.send("Page.createIsolatedWorld", {
      frameId: frameTree.frame.id,
      worldName: "axe",
    });
    await evaluate(client, executionContextId, await axeSource());
    const result = await evaluate(
      client,
      executionContextId,
      `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
         violations.flatMap(({ id, help, nodes }) =>
           nodes.map((node) => id + " (" + help + "): " + node.target.join(" ") + " " +
             node.any.concat(node.all, node.none).map((check) => check.message).join("; "))))`,
    );
    return result;
  } finally {
    await client.detach();
  }
}

let source;
async function axeSource() {
  source ??= await readFile(AXE, "utf8");
  return `${source};0`;
}

async function evaluate(client, contextId, expression) {
  const { result, exceptionDetails } = await client.send("Runtime.evaluate", {
    contextId,
    expression,
    awaitPromise: true,
    returnByValue: true,
    allowUnsafeEvalBlockedByCSP: true,
  });
  if (exceptionDetails) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
  return result.value;
}
