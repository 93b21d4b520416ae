// The service worker: the shell opens without network, and home shows its last copy. Nothing else
// is kept. Copies are personal: they leave at sign-out, and as soon as the session is over.

import { COPIES, COPY_HEADER } from "./protocol.ts";
import { treatmentOf } from "./rules.ts";

/** The files of the shell; the build writes them here. */
declare const __SHELL__: readonly string[];
/** Changes with any of them. */
declare const __BUILD__: string;

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", does: (event: WorkerEvent) => void): void;
  addEventListener(kind: "fetch", does: (event: RequestEvent) => void): void;
}
const worker = globalThis as unknown as WorkerScope;

const SHELL = `besace-shell-${__BUILD__}`;
const ENTRY = "/";

worker.addEventListener("install", (event) => {
  event.waitUntil(install());
});

async function install(): Promise<void> {
  const cache = await caches.open(SHELL);
  await cache.addAll(__SHELL__.map((path) => new Request(path)));
  // The entry is for whoever is signed in: kept only when it is the shell and not a way to sign in.
  const entry = await fetch(new Request(ENTRY, { headers: { accept: "text/html" }, credentials: "same-origin", redirect: "manual" }));
  if (entry.ok) await cache.put(ENTRY, entry);
  await worker.skipWaiting();
}

worker.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

async function activate(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("besace-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const treatment = treatmentOf({
    method: request.method,
    sameOrigin: origin === worker.location.origin,
    path: pathname,
    navigates: request.mode === "navigate",
  });
  if (treatment === "forget") event.waitUntil(forget());
  else if (treatment === "asset") event.respondWith(asset(request));
  else if (treatment === "shell") event.respondWith(shell(request));
  else if (treatment === "copy") event.respondWith(copy(request));
});

/** From the cache, else from the network and kept. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { cacheName: SHELL });
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) {
    const cache = await caches.open(SHELL);
    await cache.put(request, answer.clone());
  }
  return answer;
}

/** From the network; the entry when there is none. */
async function shell(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.status === 200 && new URL(request.url).pathname === ENTRY) {
      const cache = await caches.open(SHELL);
      await cache.put(ENTRY, answer.clone());
    }
    return answer;
  } catch (error) {
    const kept = await caches.match(ENTRY, { cacheName: SHELL });
    if (kept === undefined) throw error;
    return kept;
  }
}

/** How often everything was forgotten: an answer asked for before that is not kept after it. */
let forgotten = 0;

async function forget(): Promise<void> {
  forgotten += 1;
  await caches.delete(COPIES);
}

/** From the network, and kept; its last copy when there is none. */
async function copy(request: Request): Promise<Response> {
  const before = forgotten;
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { cacheName: COPIES, ignoreVary: true });
    if (kept === undefined) throw error;
    return kept;
  }
  if (answer.status === 401) await forget();
  if (answer.status === 200 && before === forgotten) {
    const cache = await caches.open(COPIES);
    await cache.put(request, await dated(answer.clone()));
  }
  return answer;
}

/** The same answer, with when it was taken. */
async function dated(answer: Response): Promise<Response> {
  const headers = new Headers(answer.headers);
  headers.set(COPY_HEADER, String(Date.now()));
  return new Response(await answer.arrayBuffer(), { status: answer.status, headers });
}
