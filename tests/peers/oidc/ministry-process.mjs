// One ministry as a process: options as JSON in the first argument, commands by messages.

const { clockOffset = 0, ...options } = JSON.parse(process.argv[2]);

if (clockOffset !== 0) {
  const now = Date.now;
  const shift = clockOffset * 1000;
  globalThis.Date = class extends Date {
    constructor(...parts) {
      if (parts.length === 0) super(now() + shift);
      else super(...parts);
    }
    static now() {
      return now() + shift;
    }
  };
}

const { Ministry } = await import("./ministry.mjs");
const ministry = new Ministry(options);
const commands = {
  rotate: () => ministry.rotate(),
  die: () => ministry.die(),
  revive: () => ministry.revive(),
};

await ministry.start();
process.on("message", async ({ id, command }) => {
  await commands[command]();
  process.send({ id });
});
process.on("disconnect", () => process.exit(0));
process.send({ id: 0 });
