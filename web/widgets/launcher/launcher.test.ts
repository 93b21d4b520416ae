import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { BesaceLauncher } from "./launcher.ts";
import { servicesIn } from "./services.ts";
import { langOf } from "./texts.ts";

// jsdom has no constructed stylesheets that a shadow root adopts.
vi.stubGlobal("CSSStyleSheet", class { replaceSync(): void {} });
customElements.define("besace-launcher", BesaceLauncher);

const service = (name: string, more: object = {}) => ({
  id: name,
  name,
  url: `https://${name.toLowerCase()}.gouv.fr/`,
  logo: `https://besace.test/_launcher/icons/${name}.svg`,
  maturity: "stable",
  subscribed: true,
  ...more,
});
const EIGHT = ["A", "B", "C", "D", "E", "F", "G", "H"].map((name) => service(name));

let answer: () => Promise<unknown>;
const asked = vi.fn<(url: string, init: RequestInit) => void>();

beforeEach(() => {
  vi.stubGlobal("CSSStyleSheet", class { replaceSync(): void {} });
  vi.stubGlobal("fetch", async (url: URL, init: RequestInit) => {
    asked(url.href, init);
    const body = await answer();
    return { ok: body !== 401, status: body, json: async () => body };
  });
  answer = async () => ({ services: EIGHT });
});

afterEach(() => {
  document.body.replaceChildren();
  asked.mockReset();
});

function launcher(attributes: Record<string, string> = {}) {
  const made = document.createElement("besace-launcher") as BesaceLauncher;
  for (const [name, value] of Object.entries({ "data-api": "https://besace.test", "data-lang": "fr", ...attributes })) {
    made.setAttribute(name, value);
  }
  document.body.append(made);
  const root = made.shadowRoot as ShadowRoot;
  return {
    made,
    root,
    button: root.querySelector<HTMLButtonElement>(".open")!,
    panel: root.querySelector<HTMLElement>("#panel")!,
    links: () => [...root.querySelectorAll("a")],
    status: () => root.querySelector("[role=status]")!.textContent,
    async opened() {
      this.button.click();
      await vi.waitFor(() => expect(this.status()).not.toMatch(/Chargement|Loading/));
      return this;
    },
  };
}

const key = (on: Element, name: string) =>
  on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, composed: true, cancelable: true }));

test("nothing is asked before the button is pressed, and once only when pressed again", async () => {
  const one = launcher();
  expect(asked).not.toHaveBeenCalled();
  expect(one.button.getAttribute("aria-expanded")).toBe("false");
  expect(one.button.getAttribute("aria-label")).toBe("Services numériques");
  await one.opened();
  expect(one.button.getAttribute("aria-expanded")).toBe("true");
  expect(one.root.getElementById(one.button.getAttribute("aria-controls")!)).toBe(one.panel);
  one.button.click();
  expect(one.panel.hidden).toBe(true);
  one.button.click();
  expect(asked).toHaveBeenCalledOnce();
});

test("the portal is asked with the agent's token, in the reader's language, without cookies", async () => {
  const one = launcher({ "data-lang": "en-GB", "data-siret": "13000000000001" });
  one.made.tokenProvider = async () => "t0ken";
  await one.opened();
  expect(asked).toHaveBeenCalledWith(
    "https://besace.test/api/launcher/v1/services?lang=en&siret=13000000000001",
    expect.objectContaining({ headers: { authorization: "Bearer t0ken" }, credentials: "omit" }),
  );
  expect(one.button.getAttribute("aria-label")).toBe("Digital services");
});

test("a global function named by the page may give the token, and without one none is sent", async () => {
  vi.stubGlobal("agentToken", () => "named");
  await launcher({ "data-token": "agentToken" }).opened();
  expect(asked.mock.calls[0]?.[1].headers).toEqual({ authorization: "Bearer named" });
  await launcher({ "data-token": "location" }).opened();
  expect(asked.mock.calls[1]?.[1].headers).toEqual({});
});

test("six services are shown and the others come with a button that leads to them", async () => {
  const one = await launcher().opened();
  expect(one.links().map((link) => link.querySelector("span")?.textContent)).toEqual(["A", "B", "C", "D", "E", "F"]);
  const more = one.root.querySelector<HTMLButtonElement>(".more")!;
  expect(more.textContent).toBe("Afficher 2 autres services");
  more.click();
  expect(one.links()).toHaveLength(8);
  expect(one.root.activeElement).toBe(one.links()[6]);
  expect(one.root.querySelector(".more")).toBeNull();
});

test("a link opens a new window, says so, and shows how far the service is", async () => {
  answer = async () => ({ services: [service("A", { maturity: "beta" }), service("B", { maturity: "alpha" })] });
  const [first, second] = (await launcher().opened()).links();
  expect(first?.textContent).toBe("A Bêta (nouvelle fenêtre)");
  expect(first?.target).toBe("_blank");
  expect(first?.rel).toBe("noopener");
  expect(first?.querySelector("img")?.alt).toBe("");
  expect(second?.querySelector(".maturity")).toBeNull();
});

test("Escape closes and gives the focus back; arrows walk round", async () => {
  const one = await launcher().opened();
  one.button.focus();
  key(one.button, "ArrowDown");
  expect(one.root.activeElement).toBe(one.links()[0]);
  key(one.links()[0]!, "ArrowUp");
  expect(one.root.activeElement).toBe(one.root.querySelector(".more"));
  key(one.root.activeElement!, "ArrowDown");
  key(one.root.activeElement!, "End");
  key(one.root.activeElement!, "ArrowUp");
  expect(one.root.activeElement).toBe(one.links()[5]);
  key(one.root.activeElement!, "Escape");
  expect(one.panel.hidden).toBe(true);
  expect(one.root.activeElement).toBe(one.button);
});

test("a press elsewhere closes and one inside does not", async () => {
  const one = await launcher().opened();
  one.panel.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
  expect(one.panel.hidden).toBe(false);
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(one.panel.hidden).toBe(true);
});

test("what cannot be had is said, and may be asked again", async () => {
  answer = async () => 401;
  const one = await launcher().opened();
  expect(one.status()).toBe("La liste des services est indisponible.");
  answer = async () => ({ services: [] });
  one.root.querySelector<HTMLButtonElement>(".more")!.click();
  await vi.waitFor(() => expect(one.status()).toBe("Aucun service à afficher."));
  answer = async () => Promise.reject(new TypeError("network"));
  expect((await launcher().opened()).panel.textContent).toContain("indisponible");
});

test("an answer is not believed: no script, no markup, no other form", () => {
  const services = servicesIn({
    services: [
      service("A", { url: "javascript:alert(1)" }),
      service("B", { url: "data:text/html,x" }),
      service("C", { url: "/relative" }),
      service("D", { name: 7 }),
      service("<b>E</b>", { url: "https://e.gouv.fr/", logo: "javascript:alert(1)" }),
      null,
    ],
  });
  expect(services).toEqual([{ name: "<b>E</b>", url: "https://e.gouv.fr/", logo: undefined, maturity: "stable" }]);
  for (const other of [null, [], { services: {} }, "x"]) expect(() => servicesIn(other)).toThrow("no services");
});

test("a name is text, never markup", async () => {
  answer = async () => ({ services: [service("X", { name: "<img src=x onerror=alert(1)>" })] });
  const one = await launcher().opened();
  expect(one.links()[0]?.querySelector("span")?.textContent).toBe("<img src=x onerror=alert(1)>");
});

test("a launcher that leaves the page stops asking and listening", async () => {
  let signal: AbortSignal | undefined;
  answer = () => new Promise(() => {});
  const one = launcher();
  one.button.click();
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  signal = asked.mock.calls[0]?.[1].signal as AbortSignal;
  one.made.remove();
  expect(signal.aborted).toBe(true);
  expect(one.panel.hidden).toBe(true);
});

test("the first known language wins, French otherwise", () => {
  expect(langOf("en-US")).toBe("en");
  expect(langOf(null, "de", "EN_gb")).toBe("en");
  expect(langOf(undefined, "", "de")).toBe("fr");
});
