// <besace-launcher>: a button that opens the list of the agent's services, in any page of any
// tool of the State. It needs nothing of the page but the right to load this script and to ask
// the portal (`script-src` and `connect-src`; `img-src` for the pictures).

import { fetchServices, type Service, type TokenProvider } from "./services.ts";
import { STYLES } from "./styles.ts";
import { langOf, textsOf, type Texts } from "./texts.ts";
import { element, failure, grid, list } from "./view.ts";

/** How long a list is shown before it is asked again. */
const FRESH = 5 * 60_000;
/** How long the portal may take. */
const PATIENCE = 8_000;

let sheet: CSSStyleSheet | undefined;

function styles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
  }
  return sheet;
}

export class BesaceLauncher extends HTMLElement {
  static readonly observedAttributes = ["data-api", "data-siret", "data-lang", "data-token"];
  /** Where the script came from: the portal, unless `data-api` says otherwise. */
  static home: string | undefined;

  /** Gives the agent's token; goes before `data-token`, the name of a global function. */
  tokenProvider: TokenProvider | undefined;

  readonly #button = element("button", { type: "button", class: "open", "aria-expanded": "false", "aria-controls": "panel" });
  readonly #status = element("div", { role: "status", class: "sr" });
  readonly #content = element("div");
  readonly #panel = element("div", { id: "panel", class: "panel", role: "group", hidden: "" }, this.#content);
  #question: AbortController | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #listening: AbortController | undefined;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles()];
    this.#button.append(grid());
    root.append(this.#button, this.#status, this.#panel);
    if ("popover" in this.#panel) this.#panel.popover = "manual";
    this.#button.addEventListener("click", () => (this.#isOpen ? this.close() : this.open()));
    root.addEventListener("keydown", (event) => this.#onKey(event as KeyboardEvent));
  }

  connectedCallback(): void {
    this.#label();
  }

  disconnectedCallback(): void {
    this.close(false);
    this.#question?.abort();
  }

  attributeChangedCallback(): void {
    this.#askedAt = Number.NEGATIVE_INFINITY;
    this.#label();
  }

  /** Shows the panel. */
  open(): void {
    if (this.#isOpen || !this.isConnected) return;
    this.#button.setAttribute("aria-expanded", "true");
    this.#panel.hidden = false;
    if ("popover" in this.#panel) this.#panel.showPopover();
    this.#place();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    addEventListener("resize", () => this.#place(), { signal });
    addEventListener("scroll", () => this.#place(), { signal, capture: true, passive: true });
    addEventListener("pointerdown", (event) => this.#closeWhenOutside(event), { signal, capture: true });
    this.addEventListener("focusout", (event) => this.#closeWhenLeft(event), { signal });
    if (Date.now() - this.#askedAt > FRESH) void this.#ask();
  }

  /** Hides the panel; the focus goes back to the button unless told otherwise. */
  close(refocus = true): void {
    if (!this.#isOpen) return;
    this.#listening?.abort();
    this.#button.setAttribute("aria-expanded", "false");
    if ("popover" in this.#panel && this.#panel.isConnected) this.#panel.hidePopover();
    this.#panel.hidden = true;
    if (refocus) this.#button.focus();
  }

  get #isOpen(): boolean {
    return this.#button.getAttribute("aria-expanded") === "true";
  }

  get #lang() {
    return langOf(this.dataset["lang"], this.closest("[lang]")?.getAttribute("lang"), navigator.language);
  }

  get #texts(): Texts {
    return textsOf(this.#lang);
  }

  get #token(): TokenProvider | undefined {
    if (this.tokenProvider !== undefined) return this.tokenProvider;
    const named: unknown = Reflect.get(globalThis, this.dataset["token"] ?? "");
    return typeof named === "function" ? (named as TokenProvider) : undefined;
  }

  #label(): void {
    this.#button.setAttribute("aria-label", this.#texts.open);
    this.#button.title = this.#texts.open;
    this.#panel.setAttribute("aria-label", this.#texts.list);
    for (const part of [this.#button, this.#status, this.#panel]) part.lang = this.#lang;
  }

  async #ask(): Promise<void> {
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    const timer = setTimeout(() => question.abort(), PATIENCE);
    const texts = this.#texts;
    const hadFocus = this.#panel.contains(this.shadowRoot?.activeElement ?? null);
    this.#show([element("p", {}, texts.loading)], texts.loading);
    if (hadFocus) this.#button.focus();
    let services: Service[] | undefined;
    try {
      services = await fetchServices({
        api: this.dataset["api"] ?? BesaceLauncher.home ?? location.origin,
        lang: this.#lang,
        siret: this.dataset["siret"],
        token: this.#token,
        signal: question.signal,
      });
    } catch {
      services = undefined;
    }
    clearTimeout(timer);
    if (this.#question !== question) return;
    if (services === undefined) {
      this.#show(failure(texts, () => void this.#ask()), texts.failed);
      return;
    }
    this.#askedAt = Date.now();
    this.#show(list(services, texts), services.length === 0 ? texts.empty : "");
  }

  #show(nodes: readonly Node[], said: string): void {
    this.#content.replaceChildren(...nodes);
    this.#status.textContent = said;
    if (this.#isOpen) this.#place();
  }

  /** Under the button, within the window. By properties: a style attribute may be forbidden. */
  #place(): void {
    const button = this.#button.getBoundingClientRect();
    const width = this.#panel.offsetWidth;
    const left = Math.max(8, Math.min(button.right - width, innerWidth - width - 8));
    this.#panel.style.setProperty("top", `${button.bottom + 4}px`);
    this.#panel.style.setProperty("left", `${left}px`);
  }

  #closeWhenOutside(event: Event): void {
    if (!event.composedPath().includes(this)) this.close(false);
  }

  #closeWhenLeft(event: FocusEvent): void {
    // Without a next place the window itself lost the focus: the panel stays.
    if (event.relatedTarget instanceof Node && !this.contains(event.relatedTarget)) this.close(false);
  }

  #onKey(event: KeyboardEvent): void {
    if (!this.#isOpen) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      this.close();
      return;
    }
    const places = [...this.#panel.querySelectorAll<HTMLElement>("a, button")];
    const at = places.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const next = {
      ArrowDown: places[(at + 1) % places.length],
      ArrowUp: places.at(at <= 0 ? -1 : at - 1),
      Home: places[0],
      End: places.at(-1),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }
}
