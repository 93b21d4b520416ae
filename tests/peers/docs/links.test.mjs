// Every link of the documents leads somewhere, and every command of xtask that they name exists.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { path } from "./document.mjs";

const listed = execFileSync("git", ["ls-files", "*.md"], { cwd: path("."), encoding: "utf8" });
const documents = listed.trim().split("\n").map((name) => ({ name, text: readFileSync(path(name), "utf8") }));

/** The anchors of a document, as forges make them of its headings. */
function anchors(text) {
  const headings = text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, words]) =>
    words.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"),
  );
}

test("every relative link leads to a file, and to a heading in it", () => {
  const lost = [];
  for (const { name, text } of documents) {
    const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
    for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file, anchor] = target.split("#");
      const there = file === "" ? name : join(dirname(name), file);
      if (!existsSync(path(there))) lost.push(`${name}: ${target}`);
      else if (anchor && !anchors(readFileSync(path(there), "utf8")).includes(anchor)) {
        lost.push(`${name}: ${target} (no such heading)`);
      }
    }
  }
  assert.deepEqual(lost, []);
});

test("every file that the architecture names in a table or a walk exists", () => {
  const { text } = documents.find(({ name }) => name === "ARCHITECTURE.md");
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: path("."),
    encoding: "utf8",
  }).split("\n");
  const lost = [];
  for (const [, name] of text.matchAll(/`([^`\s]+\.(?:rs|mjs))`/g)) {
    const [, before = "", choices, after = ""] = name.match(/^(.*)\{(.*)\}(.*)$/) ?? [];
    const wanted = choices ? choices.split(",").map((choice) => before + choice + after) : [name];
    for (const one of wanted) {
      const short = one.replace("/src/", "/");
      if (!files.some((file) => `/${file.replace("/src/", "/")}`.endsWith(`/${short}`))) lost.push(one);
    }
  }
  assert.deepEqual(lost, []);
});

test("every task of xtask that the documents name is one", () => {
  const source = readFileSync(path("xtask/src/main.rs"), "utf8");
  const tasks = [...source.matchAll(/^ {4}([A-Z]\w+)(?: \{|,)$/gm)].map(([, task]) => task.toLowerCase());
  assert.ok(tasks.includes("demo") && tasks.includes("test"));
  for (const { name, text } of documents) {
    for (const [, task] of text.matchAll(/cargo xtask (\w+)/g)) {
      assert.ok(tasks.includes(task), `${name}: cargo xtask ${task}`);
    }
  }
});
