import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useLocale } from "../../../i18n/locale.ts";
import { call, callTagged, type InboxSource, type Page, type QuietDay, type Settings, type Tagged } from "../../../lib/api/shapes.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";

export type { QuietDay, Settings } from "../../../lib/api/shapes.ts";

const KEY = ["settings"] as const;
const PATH = "/api/v1/settings";
type Kept = Tagged<Settings>;

const read = (signal?: AbortSignal) => callTagged<Settings>("GET", PATH, undefined, signal === undefined ? {} : { signal });
const write = (settings: Settings, tag: string | undefined) =>
  callTagged<Settings | undefined>("PUT", PATH, settings, tag === undefined ? {} : { ifMatch: tag });

/** The reader's settings. */
export function useSettings() {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => read(signal) });
}

/** Who has told the reader what the inbox holds, whoever told something last first. */
export function useSources() {
  const locale = useLocale();
  return useQuery({
    queryKey: ["inbox", "sources", locale],
    queryFn: ({ signal }) => call<Page<InboxSource>>("GET", "/api/v1/inbox/sources", undefined, { signal }),
  });
}

/** What became of a change. */
export type Outcome = "kept" | "merged";

/**
 * Changes some settings: shown at once, sent in order. When they were changed on another device
 * meanwhile, this change is put upon those, and the outcome says so (`merged`).
 */
export function useChangeSettings(told: { done: (outcome: Outcome) => void; failed: () => void }) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: "settings" },
    onMutate: async (change: Partial<Settings>) => {
      await client.cancelQueries({ queryKey: KEY });
      client.setQueryData<Kept>(KEY, (kept) => (kept === undefined ? kept : { ...kept, data: { ...kept.data, ...change } }));
    },
    mutationFn: async (change: Partial<Settings>): Promise<Outcome> => {
      const kept = client.getQueryData<Kept>(KEY) ?? (await read());
      try {
        await store({ ...kept.data, ...change }, kept.tag);
        return "kept";
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.problem?.status !== 412) throw error;
        const fresh = await read();
        await store({ ...fresh.data, ...change }, fresh.tag);
        return "merged";
      }
    },
    onSuccess: told.done,
    onError: () => {
      told.failed();
      void client.invalidateQueries({ queryKey: KEY });
    },
  });

  /** Sends them, and keeps the version that the next change starts from. */
  async function store(settings: Settings, tag: string | undefined): Promise<void> {
    const answer = await write(settings, tag);
    const next = answer.tag === undefined || answer.data === undefined ? await read() : { data: answer.data, tag: answer.tag };
    client.setQueryData<Kept>(KEY, next);
  }
}

/** The end of a silence until tomorrow morning, 7 h in the reader's zone. */
export function tomorrowAtSeven(now: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(now);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? "0");
  const wanted = Date.UTC(part("year"), part("month") - 1, part("day") + 1, 7);
  // The zone's distance from UTC at that moment, not at this one: the clocks may change tonight.
  return wanted - offsetOf(wanted - offsetOf(wanted, zone), zone);
}

function offsetOf(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? "0");
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute")) - Math.floor(moment / 60_000) * 60_000;
}

/** The silent parts of one day of 24 hours, as shares of it. A night belongs to both days that it touches, and the morning's own hours win. */
export function silentParts(day: QuietDay, before: QuietDay): readonly { from: number; to: number }[] {
  if (day !== null && "allDay" in day) return [{ from: 0, to: 1 }];
  if (day !== null && passesMidnight(day)) return [{ from: 0, to: shareOf(day.to) }, { from: shareOf(day.from), to: 1 }];
  const morning = before !== null && !("allDay" in before) && passesMidnight(before) ? [{ from: 0, to: shareOf(before.to) }] : [];
  return day === null ? morning : [...morning, { from: shareOf(day.from), to: shareOf(day.to) }];
}

function passesMidnight({ from, to }: { from: string; to: string }): boolean {
  return to <= from;
}

function shareOf(hour: string): number {
  const [hours = "0", minutes = "0"] = hour.split(":");
  return (Number(hours) * 60 + Number(minutes)) / 1440;
}
