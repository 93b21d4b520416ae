// How long an agent waits on a bad line: 400 kbit/s, 300 ms a round trip, nothing kept from before.
//
// Prints the largest contentful paint of the sign-in page and of the home page, medians of several
// visits, and the bytes each took; exits with 1 when one is over its goal. A measure, not a test:
// run it on a quiet machine with the program built for distribution (`BESACE_BIN`).

import { startDemo } from "../../tests/peers/lib/demo.mjs";
import { launch, person } from "./lib/chromium.mjs";
import { accountOf, signIn } from "./lib/steps.mjs";

const VISITS = Number(process.argv[2] ?? 5);
const LINE = { offline: false, latency: 300, downloadThroughput: 50_000, uploadThroughput: 50_000 };
/** Milliseconds. */
const GOALS = { "/connexion": 3_000, "/": 6_000 };

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The largest contentful paint of a first visit at `path`, in milliseconds, and its bytes. */
async function visit(page, address) {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  await line.send("Network.setBypassServiceWorker", { bypass: true });
  await line.send("Network.emulateNetworkConditions", LINE);
  let bytes = 0;
  line.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  await page.goto(address, { waitUntil: "load", timeout: 60_000 });
  await page.getByRole("heading", { level: 1 }).waitFor({ timeout: 60_000 });
  // What comes late (tiles, fonts) may still be larger.
  await page.waitForTimeout(3_000);
  const paint = await page.evaluate(
    () =>
      new Promise((done) => {
        new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime)).observe({
          type: "largest-contentful-paint",
          buffered: true,
        });
      }),
  );
  await line.detach();
  return { paint, bytes };
}

const [demo, browser] = await Promise.all([startDemo(), launch()]);
let late = false;
try {
  const account = accountOf(demo, "interieur");
  console.log("| page | largest contentful paint, ms | goal | KB |\n| --- | --- | --- | --- |");
  for (const [path, goal] of Object.entries(GOALS)) {
    const seen = [];
    for (let count = 0; count < VISITS; count += 1) {
      const visitor = await person(browser, { serviceWorkers: "block" });
      const page = await visitor.tab();
      if (path === "/") await signIn(page, demo, account);
      const fresh = await visitor.tab();
      seen.push(await visit(fresh, new URL(path, demo.baseUrl).href));
      await visitor.context.close();
    }
    const paints = seen.map((one) => Math.round(one.paint));
    const median = middle(paints);
    late ||= median > goal;
    const kilobytes = Math.round(middle(seen.map((one) => one.bytes)) / 1_000);
    const range = `${Math.min(...paints)}–${Math.max(...paints)}`;
    console.log(`| ${path} | ${median} (${range}) | ${goal} | ${kilobytes} |`);
  }
} finally {
  await browser.close();
  await demo.stop();
}
process.exitCode = late ? 1 : 0;
