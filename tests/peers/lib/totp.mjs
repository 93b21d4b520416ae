// Somebody's telephone: the codes of an authenticator application (RFC 6238).

import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytesOf(base32) {
  let bits = "";
  for (const letter of base32.replaceAll(/\s/g, "")) {
    bits += ALPHABET.indexOf(letter.toUpperCase()).toString(2).padStart(5, "0");
  }
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** The half minute of a moment. */
export const stepAt = (millis = Date.now()) => Math.floor(millis / 30_000);

/**
 * The code of a half minute, now's unless it is said.
 * @param {string} secret in base32
 * @param {number} step
 */
export function codeOf(secret, step = stepAt()) {
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(step));
  const digest = createHmac("sha1", bytesOf(secret)).update(counter).digest();
  const offset = digest[digest.length - 1] & 15;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, "0");
}
