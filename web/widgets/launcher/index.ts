// `/_launcher/v1.js`: defines <besace-launcher>, once however often the script is loaded.

import { BesaceLauncher } from "./launcher.ts";

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.src !== "") {
  BesaceLauncher.home = new URL(script.src).origin;
}
if (customElements.get("besace-launcher") === undefined) {
  customElements.define("besace-launcher", BesaceLauncher);
}
