// What the panel shows, built node by node: no text ever becomes markup.

import type { Service } from "./services.ts";
import type { Texts } from "./texts.ts";

/** Services shown at first; the others come with a button. */
const SHOWN = 6;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Nine dots. */
export function grid(): SVGElement {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  for (const y of [3, 10, 17]) {
    for (const x of [3, 10, 17]) {
      const dot = document.createElementNS(NAMESPACE, "circle");
      for (const [name, value] of Object.entries({ cx: x, cy: y, r: 2 })) dot.setAttribute(name, `${value}`);
      svg.append(dot);
    }
  }
  return svg;
}

/** The list, its first services shown. */
export function list(services: readonly Service[], texts: Texts): Node[] {
  if (services.length === 0) return [element("p", {}, texts.empty)];
  const items = element("ul", {}, ...services.slice(0, SHOWN).map((service) => item(service, texts)));
  const others = services.slice(SHOWN).map((service) => item(service, texts));
  if (others.length === 0) return [items];
  const more = element("button", { type: "button", class: "more" }, texts.more(others.length));
  more.addEventListener("click", () => {
    more.remove();
    items.append(...others);
    others[0]?.querySelector("a")?.focus();
  });
  return [items, more];
}

/** Said when the list cannot be had. */
export function failure(texts: Texts, again: () => void): Node[] {
  const retry = element("button", { type: "button", class: "more" }, texts.retry);
  retry.addEventListener("click", again);
  return [element("p", {}, texts.failed), retry];
}

function item({ name, url, logo, maturity }: Service, texts: Texts): HTMLLIElement {
  const link = element("a", { href: url, target: "_blank", rel: "noopener" });
  if (logo !== undefined) {
    const picture = element("img", { src: logo, alt: "", width: "24", height: "24" });
    // The host page may forbid pictures from elsewhere: the name is enough.
    picture.addEventListener("error", () => picture.remove());
    link.append(picture);
  }
  link.append(element("span", {}, name));
  const badge = maturity === "beta" ? texts.beta : maturity === "new" ? texts.new : undefined;
  if (badge !== undefined) link.append(" ", element("span", { class: "maturity" }, badge));
  link.append(element("span", { class: "sr" }, ` (${texts.newWindow})`));
  return element("li", {}, link);
}
