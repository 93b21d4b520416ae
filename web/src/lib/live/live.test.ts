import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { leave } from "../leaving.ts";
import { startLive } from "./index.ts";
import { notePlace, takePlace } from "./place.ts";
import { type Hint, openStream, waitBefore } from "./stream.ts";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  say(kind: string, data = "", lastEventId = "") {
    this.dispatchEvent(new MessageEvent(kind, { data, lastEventId }));
  }
  fail(closed: boolean) {
    this.readyState = closed ? FakeSource.CLOSED : 0;
    this.dispatchEvent(new Event("error"));
  }
}

const listener = () => ({ hint: vi.fn<(hint: Hint) => void>(), resync: vi.fn<() => void>(), lost: vi.fn<() => void>() });
const answer = (place?: string) => new Response("{}", place === undefined ? {} : { headers: { "besace-live": place } });
const last = () => FakeSource.all.at(-1) as FakeSource;

beforeEach(() => {
  FakeSource.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the stream", () => {
  test("gives each hint, and nothing for what it cannot read", () => {
    const events = listener();
    openStream(events);
    last().open();
    last().say("hint", '{"topic":"inbox","version":7}');
    last().say("hint", "not JSON");
    expect(events.hint.mock.calls).toEqual([[{ topic: "inbox", version: 7, place: "" }]]);
    expect(events.resync).not.toHaveBeenCalled();
  });

  test("says to ask for everything again when the server could not resume", () => {
    const events = listener();
    openStream(events);
    last().say("resync");
    expect(events.resync).toHaveBeenCalledOnce();
  });

  test("says at once that the session is over", () => {
    const events = listener();
    openStream(events);
    last().open();
    last().say("end", "{}");
    expect(events.lost).toHaveBeenCalledOnce();
  });

  test("lets the browser reconnect by itself", () => {
    const events = listener();
    openStream(events);
    last().fail(false);
    vi.advanceTimersByTime(120_000);
    expect(FakeSource.all).toHaveLength(1);
    expect(events.lost).not.toHaveBeenCalled();
  });

  test("opens again after a refusal, later each time, and asks for everything again", () => {
    const events = listener();
    openStream(events);
    last().fail(true);
    expect(events.lost).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.all).toHaveLength(2);
    last().fail(true);
    vi.advanceTimersByTime(900);
    expect(FakeSource.all).toHaveLength(2);
    vi.advanceTimersByTime(1_100);
    expect(FakeSource.all).toHaveLength(3);
    last().open();
    expect(events.resync).toHaveBeenCalledOnce();
  });

  test("does not wait once the network is back", () => {
    openStream(listener());
    last().fail(true);
    dispatchEvent(new Event("online"));
    expect(FakeSource.all).toHaveLength(2);
  });

  test("closes for good", () => {
    const close = openStream(listener());
    last().fail(true);
    close();
    vi.advanceTimersByTime(120_000);
    expect(FakeSource.all).toHaveLength(1);
    expect(last().readyState).toBe(FakeSource.CLOSED);
  });

  test("waits a minute at most", () => {
    expect(waitBefore(0, 0)).toBe(500);
    expect(waitBefore(30, 1)).toBe(60_000);
  });
});

describe("the place", () => {
  test("is the earliest of the answers so far, taken once", () => {
    for (const place of ["a-12", undefined, "a-9", "a-10", "b-2"]) notePlace(answer(place));
    expect(takePlace()).toBe("a-9");
    expect(takePlace()).toBeUndefined();
  });
  test("is where a page's first stream begins, and no other", () => {
    notePlace(answer("a-9"));
    startLive(listener());
    expect(last().url).toBe("/api/v1/live?after=a-9");
    last().fail(true);
    vi.advanceTimersByTime(1_000);
    expect(last().url).toBe("/api/v1/live");
  });
});

describe("tabs without locks", () => {
  test("have a stream each, closed at sign-out", () => {
    startLive(listener());
    startLive(listener());
    expect(FakeSource.all).toHaveLength(2);
    leave();
    expect(FakeSource.all.map(({ readyState }) => readyState)).toEqual([2, 2]);
  });
});

describe("tabs with locks", () => {
  /** Locks of one name, in the order of their requests. */
  class FakeLocks {
    held = false;
    waiting: (() => void)[] = [];
    async request(_name: string, options: LockOptions, work: (lock: object | null) => Promise<unknown>) {
      if (this.held && options.ifAvailable) return work(null);
      if (this.held) await new Promise<void>((resolve) => this.waiting.push(resolve));
      this.held = true;
      try {
        return await work({});
      } finally {
        this.held = false;
        this.waiting.shift()?.();
      }
    }
  }
  /** A channel that reaches the other tabs at once. */
  class FakeChannel extends EventTarget {
    static all = new Set<FakeChannel>();
    constructor() {
      super();
      FakeChannel.all.add(this);
    }
    postMessage(data: unknown) {
      for (const other of FakeChannel.all) {
        if (other !== this) other.dispatchEvent(new MessageEvent("message", { data }));
      }
    }
    close() {
      FakeChannel.all.delete(this);
    }
  }
  beforeEach(() => {
    FakeChannel.all.clear();
    vi.stubGlobal("BroadcastChannel", FakeChannel);
    Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, "locks");
  });

  test("share one stream", async () => {
    const [first, second] = [listener(), listener()];
    const stops = [startLive(first), startLive(second)];
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSource.all).toHaveLength(1);
    last().say("hint", '{"topic":"home","version":1}');
    expect(first.hint).toHaveBeenCalledOnce();
    expect(second.hint).toHaveBeenCalledOnce();
    for (const stop of stops) stop();
  });

  test("that come later hear what was said since their first answers, and nothing older", async () => {
    const [first, second] = [listener(), listener()];
    const stopFirst = startLive(first);
    await vi.advanceTimersByTimeAsync(0);
    last().say("hint", '{"topic":"inbox","version":1}', "a-4");
    last().say("hint", '{"topic":"home","version":2}', "a-6");
    notePlace(answer("a-5"));
    const stopSecond = startLive(second);
    await vi.advanceTimersByTimeAsync(0);
    expect(second.hint.mock.calls.map(([{ topic }]) => topic)).toEqual(["home"]);
    stopSecond();
    stopFirst();
  });

  test("take over from a tab that closes, and ask for what was missed", async () => {
    const [first, second] = [listener(), listener()];
    const stopFirst = startLive(first);
    const stopSecond = startLive(second);
    await vi.advanceTimersByTimeAsync(0);
    stopFirst();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSource.all).toHaveLength(2);
    last().open();
    expect(second.resync).toHaveBeenCalledOnce();
    expect(first.resync).not.toHaveBeenCalled();
    stopSecond();
  });
});
