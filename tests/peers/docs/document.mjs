// What a document holds for machines: its blocks of code and its tables.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);

/** A path of the checkout. */
export function path(inside) {
  return fileURLToPath(new URL(inside, ROOT));
}

/**
 * Reads a document of the checkout.
 * @param {string} name from the root
 */
export async function document(name) {
  const text = await readFile(path(name), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language, file, content]) => ({ language, file, content }),
  );
  return {
    text,
    blocks,
    /** The text without its blocks. */
    prose: text.replace(/^```[\s\S]*?^```$/gm, ""),
    /** The block that is to be written to this file. */
    file(wanted) {
      const found = blocks.find((block) => block.file === wanted);
      if (!found) throw new Error(`${name} has no block for ${wanted}`);
      return found.content;
    },
    /** The one command that begins so. */
    command(beginning) {
      const lines = blocks
        .filter((block) => block.language === "sh")
        .flatMap((block) => block.content.trim().split("\n"));
      const found = lines.filter((line) => line.startsWith(beginning));
      if (found.length !== 1) throw new Error(`${name} has ${found.length} commands ${beginning}`);
      return found[0];
    },
    /** The rows of the table whose first header cell says this, each a list of cells. */
    table(header) {
      const lines = text.split("\n");
      const start = lines.findIndex((line) => line.startsWith(`| ${header} |`));
      if (start < 0) throw new Error(`${name} has no table of ${header}`);
      const rows = [];
      for (const line of lines.slice(start + 2)) {
        if (!line.startsWith("|")) break;
        rows.push(line.slice(1, -1).split("|").map((cell) => cell.trim()));
      }
      return rows;
    },
  };
}

/** The names between backticks in a cell. */
export function names(cell) {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
}
