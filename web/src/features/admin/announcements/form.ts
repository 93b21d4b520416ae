import type { Announcement, AnnouncementBody, Audience, Severity } from "../api/shapes.ts";
import { NOBODY } from "../audience/rows.ts";
import { localised } from "../common/bilingual.ts";
import { fieldOfMoment, momentOfField } from "../common/format.ts";

export const TITLE_MAX = 140;
export const BODY_MAX = 5000;

/** What the reader writes of an announcement. Moments are those of native fields. */
export interface AnnouncementForm {
  titleFr: string;
  titleEn: string;
  bodyFr: string;
  bodyEn: string;
  severity: Severity;
  audience: Audience;
  from: string;
  until: string;
  mustConfirm: boolean;
  link: string;
}

export const EMPTY: AnnouncementForm = {
  titleFr: "",
  titleEn: "",
  bodyFr: "",
  bodyEn: "",
  severity: "info",
  audience: NOBODY,
  from: "",
  until: "",
  mustConfirm: false,
  link: "",
};

export function formOf(announcement: Announcement): AnnouncementForm {
  const { title, body, severity, audience, from, until, mustConfirm, link } = announcement;
  return {
    titleFr: title.fr,
    titleEn: title.en ?? "",
    bodyFr: body.fr,
    bodyEn: body.en ?? "",
    severity,
    audience,
    from: fieldOfMoment(from),
    until: fieldOfMoment(until),
    mustConfirm,
    link: link ?? "",
  };
}

export function bodyOf(form: AnnouncementForm, organisation: string): AnnouncementBody {
  const from = momentOfField(form.from);
  const until = momentOfField(form.until);
  return {
    title: localised(form.titleFr, form.titleEn),
    body: localised(form.bodyFr, form.bodyEn),
    severity: form.severity,
    organisation,
    audience: form.audience,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    mustConfirm: form.mustConfirm,
    ...(form.link.trim() === "" ? {} : { link: form.link.trim() }),
  };
}

export type Fault = "required" | "tooLong" | "beforeStart" | "notAnAddress";
export type Faults = Partial<Record<keyof AnnouncementForm, Fault>>;

/** What keeps the form from being saved. */
export function faultsOf(form: AnnouncementForm): Faults {
  const faults: Faults = {};
  for (const key of ["titleFr", "titleEn"] as const) if (form[key].length > TITLE_MAX) faults[key] = "tooLong";
  for (const key of ["bodyFr", "bodyEn"] as const) if (form[key].length > BODY_MAX) faults[key] = "tooLong";
  for (const key of ["titleFr", "bodyFr"] as const) if (form[key].trim() === "") faults[key] = "required";
  const [from, until] = [momentOfField(form.from), momentOfField(form.until)];
  if (from !== undefined && until !== undefined && until <= from) faults.until = "beforeStart";
  if (form.link.trim() !== "" && !/^(https?:\/\/|\/)/.test(form.link.trim())) faults.link = "notAnAddress";
  return faults;
}
