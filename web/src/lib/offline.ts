// The service worker that opens the shell without network.

import { COPIES, WORKER } from "../sw/protocol.ts";
import { onLeave } from "./leaving.ts";

interface ScriptPolicy {
  createScriptURL(address: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy;
}

/** Its address, vouched for where the browser asks for that: the one script that the policy lets through. */
function workerAddress(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return WORKER;
  const policy = trustedTypes.createPolicy("besace-worker", {
    createScriptURL(address) {
      if (address !== WORKER) throw new TypeError("not the service worker");
      return address;
    },
  });
  return policy.createScriptURL(WORKER);
}

function register(): void {
  // Refused in private windows of some browsers: the application then needs its network.
  navigator.serviceWorker.register(workerAddress()).catch(() => undefined);
}

/** Registers the worker once the page has nothing more urgent, and clears its copies at sign-out. */
export function keepForOffline(): void {
  onLeave(() => {
    if ("caches" in globalThis) void caches.delete(COPIES);
  });
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
