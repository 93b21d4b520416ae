// The right to disconnect: at night nothing rings, in the morning everything is there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "../../../tests/peers/lib/demo.mjs";
import { launch, look, person, tree } from "../lib/chromium.mjs";
import { clockAt } from "../lib/clock.mjs";
import { focused, press, reach } from "../lib/keyboard.mjs";
import { sessionOf } from "../lib/session.mjs";
import { signIn } from "../lib/steps.mjs";
import { programOf, publishTool } from "../lib/tool.mjs";

/** A Wednesday: quiet from 20 h to 7 h unless the agent says otherwise. */
const night = clockAt("2026-11-25T22:00");
const morning = clockAt("2026-11-25T09:00");

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** A State at this time of day, Inès at her home page, and a tool of hers that tells. */
async function at(clock) {
  const demo = await startDemo({ args: clock.args });
  const [claire, ines] = ["claire.delmas", "ines.fofana"].map((name) =>
    demo.identity.accounts.find(({ email }) => email.startsWith(name)),
  );
  const desk = await person(browser, { ahead: clock.ahead });
  await signIn(await desk.tab(), demo, claire);
  const tool = await publishTool(await sessionOf(desk, demo), {
    name: { fr: "Ordres de mission" },
    home: "https://ordres.example",
  });
  await desk.leave();

  const visitor = await person(browser, { ahead: clock.ahead });
  const page = await visitor.tab();
  await signIn(page, demo, ines);
  await page.goto(new URL("/reglages", demo.baseUrl).href);
  await page.getByRole("heading", { level: 1, name: "Réglages" }).waitFor();
  await listen(page);
  const program = await programOf(demo, tool.client);
  let told = 0;
  return {
    visitor,
    page,
    address: (path) => new URL(path, demo.baseUrl).href,
    session: await sessionOf(visitor, demo),
    tell: (more = {}) => {
      told += 1;
      return program.tell(ines.email, { title: `Ordre de mission ${told}`, ...more });
    },
    end: async () => {
      await visitor.leave();
      await demo.stop();
    },
  };
}

/** Keeps what the server says on the live stream, as the page itself hears it. */
async function listen(page) {
  await page.evaluate(
    () =>
      new Promise((open) => {
        globalThis.heard = [];
        const stream = new EventSource("/api/v1/live");
        stream.addEventListener("hint", ({ data }) => globalThis.heard.push(JSON.parse(data).topic));
        stream.addEventListener("open", open);
      }),
  );
}

/**
 * What was heard since, once the server has said all it had to: a hint of another kind, asked for
 * last, comes last.
 */
async function heard({ page, session }) {
  await session.call("PUT", "/api/v1/favourites", { tiles: [] });
  await page.waitForFunction(() => globalThis.heard.includes("home"));
  return page.evaluate(() => globalThis.heard.splice(0));
}

const bell = (page, name) => page.getByRole("banner").getByRole("link", { name, exact: true });

test("in the morning what a tool tells rings on the open page", async () => {
  const day = await at(morning);
  await bell(day.page, "Notifications").waitFor();
  await day.tell();
  await bell(day.page, "Notifications, 1 non lue").waitFor();
  assert.ok((await heard(day)).includes("inbox"));
  await day.end();
});

test("at night nothing rings until the agent looks, but for what they let through", async () => {
  const late = await at(night);
  const { page } = late;
  const settings = page.getByRole("region", { name: "Heures de silence" });
  await settings.getByText("20 h à 7 h").first().waitFor();
  await look(page, "settings");
  await tree(page, "settings");

  await late.tell();
  assert.deepEqual((await heard(late)).filter((topic) => topic === "inbox"), []);
  await bell(page, "Notifications").waitFor();
  // It was not lost: it is there as soon as one looks.
  await page.reload();
  await bell(page, "Notifications, 1 non lue").waitFor();
  await listen(page);

  await press(page, settings.getByRole("switch", { name: /Laisser passer ce qui est urgent/ }), { key: "Space" });
  await page.getByText(/Dernier changement enregistré à 22\sh/).waitFor();
  await late.tell({ urgency: "normal" });
  assert.deepEqual((await heard(late)).filter((topic) => topic === "inbox"), []);
  await late.tell({ urgency: "urgent" });
  await bell(page, "Notifications, 3 non lues").waitFor();
  await late.end();
});

test("the hours are set by the keyboard, and hold at once", async () => {
  const late = await at(night);
  const { page } = late;
  const settings = page.getByRole("region", { name: "Heures de silence" });
  const edit = settings.getByRole("button", { name: "Modifier les heures" });
  await press(page, edit);
  const finish = settings.getByRole("button", { name: "Terminer" });
  await focused(finish);
  await look(page, "settings-hours");
  await tree(page, "settings-hours", settings);

  // An hour later on Monday; none on Wednesday, which is today.
  const from = settings.getByLabel("Lundi, début du silence");
  // Forwards onto the field: its hours come first, in every language.
  await reach(page, settings.getByLabel("Lundi, silence"), { by: "Shift+Tab" });
  await reach(page, from);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByText(/Dernier changement enregistré/).waitFor();
  const wednesday = settings.getByLabel("Mercredi, silence");
  await reach(page, wednesday);
  await page.keyboard.press("Home");
  await settings.getByLabel("Mercredi, début du silence").waitFor({ state: "detached" });
  await press(page, finish);
  const day = (name) => settings.getByRole("listitem").filter({ hasText: name });
  await day("Lundi").getByText("21 h à 7 h").waitFor();
  await day("Mercredi").getByText("aucun silence").waitFor();

  await late.tell();
  await bell(page, "Notifications, 1 non lue").waitFor();

  await press(page, settings.getByRole("button", { name: "Couper jusqu’à demain 7 h" }));
  await settings.getByText("Coupé jusqu’à : jeudi 26 novembre, 7 h").waitFor();
  await heard(late);
  await late.tell();
  assert.deepEqual((await heard(late)).filter((topic) => topic === "inbox"), []);
  await bell(page, "Notifications, 1 non lue").waitFor();
  await press(page, settings.getByRole("button", { name: "Rétablir maintenant" }), { by: "Shift+Tab" });
  await settings.getByRole("button", { name: "Couper jusqu’à demain 7 h" }).waitFor();
  await late.tell();
  await bell(page, "Notifications, 3 non lues").waitFor();

  // What was chosen is kept.
  await page.reload();
  await day("Lundi").getByText("21 h à 7 h").waitFor();
  await day("Mercredi").getByText("aucun silence").waitFor();
  await late.end();
});

test("whoever is muted neither rings nor is lost, even when it is urgent", async () => {
  const day = await at(morning);
  const { page } = day;
  await day.tell();
  await bell(page, "Notifications, 1 non lue").waitFor();
  await heard(day);
  const told = page.getByRole("region", { name: "Qui peut s’annoncer" }).getByRole("switch", { name: /^Ordres de mission/ });
  await press(page, told, { key: "Space" });
  await page.getByText("En sourdine").waitFor();
  await page.getByText(/Dernier changement enregistré/).waitFor();
  await look(page, "settings-muted");
  await day.tell({ urgency: "urgent" });
  assert.deepEqual((await heard(day)).filter((topic) => topic === "inbox"), []);
  // It was not lost, and the choice was kept.
  await page.reload();
  await bell(page, "Notifications, 2 non lues").waitFor();
  await listen(page);
  assert.equal(await told.isChecked(), false);
  await press(page, told, { key: "Space" });
  await page.getByText(/Dernier changement enregistré/).waitFor();
  await day.tell();
  await bell(page, "Notifications, 3 non lues").waitFor();
  await day.end();
});
