// What administrators do, in their words, and the tools that a journey starts from.

import assert from "node:assert/strict";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { person } from "./chromium.mjs";
import { clockAt } from "./clock.mjs";
import { reach } from "./keyboard.mjs";
import { sessionOf } from "./session.mjs";
import { signIn } from "./steps.mjs";

/** A demonstration on the morning of a working day: nobody's quiet hours hold a notice back. */
export async function startWorkingDay() {
  const { args, ahead } = clockAt("2026-11-25T10:05");
  return { ...(await startDemo({ args })), ahead };
}

/** The account whose address starts so. */
export function accountNamed(demo, name) {
  const found = demo.identity.accounts.find(({ email }) => email.startsWith(`${name}@`));
  assert.ok(found, `the demonstration has no account of ${name}`);
  return found;
}

/**
 * Somebody signed in: their browser, one tab of it, and the API as that tab calls it.
 * @param {import("playwright-core").Browser} browser
 * @param {{baseUrl: string, ahead?: number}} demo
 * @param {string} name what stands before the @ of the address
 */
export async function enter(browser, demo, name) {
  const account = accountNamed(demo, name);
  const visitor = await person(browser, { ahead: demo.ahead });
  const page = await visitor.tab();
  // What others do shows on a page once it listens.
  const listening = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/api/v1/live");
  await signIn(page, demo, account);
  await listening;
  return { account, visitor, page, session: await sessionOf(visitor, demo) };
}

/** Goes to a page of the administration, and waits until it says its title. */
export async function goTo(page, demo, path, title) {
  await page.goto(new URL(`/administration${path}`, demo.baseUrl).href);
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** The tile of a tool on a home page, or on the page of all tools. */
export function tileOf(page, name) {
  return page.getByRole("main").getByRole("link", { name: new RegExp(`^${name}`) }).first();
}

/** Chooses in a list that opens under a text, by the keyboard. */
export async function chooseInList(page, field, text, option) {
  await reach(page, field);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
  // A list of the platform's own, closed, has options too.
  const found = page.getByRole("listbox").getByRole("option", { name: option });
  await found.waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await found.waitFor({ state: "hidden" });
}

/** The body of a tool, for a journey that is about something else than its form. */
export async function toolBody(session, name, over = {}) {
  const organisation = session.agent.organisation.id;
  const { items } = await session.get("/api/v1/admin/categories");
  return {
    name: { fr: name },
    description: { fr: "Rédiger, signer, publier" },
    category: items[0].id,
    icon: "scales-3-line",
    url: "https://outil.interieur.gouv.fr/",
    reaches: ["internet"],
    organisation,
    audience: { organisation: { id: organisation, subtree: true } },
    ...over,
  };
}

/** A draft of a tool; gives its id. */
export async function draftTool(session, name, over) {
  const { id } = await session.call("POST", "/api/v1/admin/tools", await toolBody(session, name, over));
  return id;
}

/** A published tool; gives its id. */
export async function publishedTool(session, name, over) {
  const id = await draftTool(session, name, over);
  await session.call("POST", `/api/v1/admin/tools/${id}/publish`, {});
  return id;
}

/** The id of an administration, by its name. */
export async function organisationNamed(session, label) {
  const { items } = await session.get("/api/v1/organisations");
  const found = items.find((one) => one.label === label);
  assert.ok(found, `no administration is called ${label}`);
  return found.id;
}

/**
 * How long after an act something shows on another page, in milliseconds.
 * @param {import("playwright-core").Locator} shown
 * @param {() => Promise<unknown>} act
 */
export async function timeUntil(shown, act) {
  const start = performance.now();
  await Promise.all([act(), shown.waitFor()]);
  return Math.round(performance.now() - start);
}
