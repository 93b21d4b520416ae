// What the page and its service worker must call by the same name.

/** Its address. */
export const WORKER = "/sw.js";
/** The copies of answers: personal, gone at sign-out. */
export const COPIES = "besace-copies";
/** When a copy was taken, on an answer that is one. UTC milliseconds. */
export const COPY_HEADER = "x-besace-copy";
