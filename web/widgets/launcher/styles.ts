// The launcher's look. A constructed stylesheet: the host page's policy has no say in it. The
// host may set the colours by the custom properties.

export const STYLES = `
:host {
  --ink: var(--besace-launcher-ink, #161616);
  --soft: var(--besace-launcher-soft, #545454);
  --ground: var(--besace-launcher-ground, #fff);
  --line: var(--besace-launcher-line, #ddd);
  --brand: var(--besace-launcher-brand, #000091);
  --focus: #0a76f6;
  display: inline-block;
  font: 400 1rem/1.5 var(--besace-launcher-font, system-ui, arial, sans-serif);
  color: var(--ink);
}
:host([hidden]) { display: none; }
:host([data-theme="dark"]) {
  --ink: var(--besace-launcher-ink, #fff);
  --soft: var(--besace-launcher-soft, #cecece);
  --ground: var(--besace-launcher-ground, #1e1e1e);
  --line: var(--besace-launcher-line, #4a4a4a);
  --brand: var(--besace-launcher-brand, #8585f6);
}
* { box-sizing: border-box; }
button { font: inherit; color: var(--brand); background: none; border: 1px solid transparent; border-radius: .25rem; cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.open { display: grid; place-items: center; width: 2.75rem; height: 2.75rem; padding: 0; }
.open:hover, .open[aria-expanded="true"] { border-color: var(--line); }
.open svg { width: 1.25rem; height: 1.25rem; fill: currentcolor; }
.panel {
  position: fixed; inset: auto; z-index: 2147483647; margin: 0; padding: .5rem;
  width: min(20rem, calc(100vw - 1rem)); max-height: calc(100vh - 5rem); overflow: auto;
  color: var(--ink); background: var(--ground);
  border: 1px solid var(--line); border-radius: .5rem; box-shadow: 0 8px 32px rgb(0 0 0 / 20%);
}
.panel[hidden] { display: none; }
p { margin: 0; padding: .75rem; color: var(--soft); }
ul { margin: 0; padding: 0; list-style: none; }
a { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem; padding: .375rem .75rem; color: inherit; text-decoration: none; border-radius: .25rem; overflow-wrap: anywhere; }
a:hover { text-decoration: underline; }
img { flex: none; width: 1.5rem; height: 1.5rem; }
.maturity { margin-inline-start: auto; padding: 0 .375rem; font-size: .75rem; color: var(--brand); border: 1px solid currentcolor; border-radius: .25rem; white-space: nowrap; }
.more { width: 100%; min-height: 2.75rem; text-align: start; padding: .375rem .75rem; }
.more:hover { text-decoration: underline; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) {
  .open, .panel { border-color: ButtonBorder; }
  .open svg { fill: ButtonText; }
  :focus-visible { outline-color: Highlight; }
}
`;
