// Hands that never leave the keyboard.

import assert from "node:assert/strict";

import { answered } from "./answered.mjs";

/** More stops than any page has. */
const MOST_STOPS = 120;

/**
 * Presses Tab until this control has the focus, which must be seen to be there.
 * @param {import("playwright-core").Page} page
 * @param {import("playwright-core").Locator} control
 * @param {{by?: string}} options `by`: `Shift+Tab` to go backwards
 */
export async function reach(page, control, { by = "Tab" } = {}) {
  await control.waitFor({ state: "attached" });
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await hasFocus(control)) {
      assert.ok(await control.evaluate(focusIsSeen), `the focus does not show on ${page.url()}`);
      return;
    }
    await answered(by, page.keyboard.press(by));
  }
  assert.fail(`${control} is not reached by ${by} on ${page.url()}`);
}

/** Goes to a control and presses a key on it. */
export async function press(page, control, { key = "Enter", by = "Tab" } = {}) {
  await reach(page, control, { by });
  await answered(key, page.keyboard.press(key));
}

/** Whether the focus is on this control, in the page or within a component of its own. */
export function hasFocus(control) {
  return answered("the focus", control.evaluate((element) => element === element.getRootNode().activeElement));
}

/** Waits until the focus is on this control. */
export async function focused(control) {
  const page = control.page();
  const element = await control.elementHandle();
  await page.waitForFunction((wanted) => wanted === wanted.getRootNode().activeElement, element);
}

/** Runs in the page: an outline or a shadow is around the element, its label or the row it stands in. */
function focusIsSeen(element) {
  if (!element.matches(":focus-visible")) return false;
  const around = [element, ...(element.labels ?? []), element.parentElement, element.parentElement?.parentElement];
  return around.filter(Boolean).some((one) =>
    [undefined, "::before", "::after"].some((part) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one, part);
      return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    }),
  );
}
