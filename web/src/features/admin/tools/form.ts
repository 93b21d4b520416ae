import type { Audience, Reach, Tool, ToolBody } from "../api/shapes.ts";
import { NOBODY } from "../audience/rows.ts";
import { localised } from "../common/bilingual.ts";
import { idOf } from "../common/format.ts";

export const NAME_MAX = 40;
export const DESCRIPTION_MAX = 120;

/** What the reader writes of a tool. */
export interface ToolForm {
  nameFr: string;
  nameEn: string;
  descriptionFr: string;
  descriptionEn: string;
  category: string;
  icon: string;
  url: string;
  reaches: Reach[];
  owner: string;
  audience: Audience;
  /** Whether agents who find it may share it with their guests. */
  guests: boolean;
}

export const EMPTY: ToolForm = {
  nameFr: "",
  nameEn: "",
  descriptionFr: "",
  descriptionEn: "",
  category: "",
  icon: "file-text-line",
  url: "",
  reaches: ["internet"],
  owner: "",
  audience: NOBODY,
  guests: false,
};

export function formOf(tool: Tool): ToolForm {
  return {
    nameFr: tool.name.fr,
    nameEn: tool.name.en ?? "",
    descriptionFr: tool.description.fr,
    descriptionEn: tool.description.en ?? "",
    category: tool.category,
    icon: tool.icon,
    url: tool.url,
    reaches: tool.reaches,
    owner: tool.owner ? idOf(tool.owner) : "",
    audience: tool.audience,
    guests: tool.guests,
  };
}

export function bodyOf(form: ToolForm, organisation: string): ToolBody {
  return {
    name: localised(form.nameFr, form.nameEn),
    description: localised(form.descriptionFr, form.descriptionEn),
    category: form.category,
    icon: form.icon,
    url: form.url.trim(),
    reaches: form.reaches,
    ...(form.owner === "" ? {} : { owner: form.owner }),
    organisation,
    audience: form.audience,
    guests: form.guests,
  };
}

export type Fault = "required" | "tooLong" | "notAnAddress";
export type Faults = Partial<Record<keyof ToolForm, Fault>>;

/** What keeps the form from being saved. */
export function faultsOf(form: ToolForm): Faults {
  const faults: Faults = {};
  const text = (key: "nameFr" | "nameEn" | "descriptionFr" | "descriptionEn", max: number) => {
    if (form[key].trim().length > max) faults[key] = "tooLong";
  };
  text("nameFr", NAME_MAX);
  text("nameEn", NAME_MAX);
  text("descriptionFr", DESCRIPTION_MAX);
  text("descriptionEn", DESCRIPTION_MAX);
  for (const key of ["nameFr", "descriptionFr", "category", "url"] as const) {
    if (form[key].trim() === "") faults[key] = "required";
  }
  if (form.reaches.length === 0) faults.reaches = "required";
  if (faults.url === undefined && !/^https?:\/\/[^\s/]+/.test(form.url.trim())) faults.url = "notAnAddress";
  return faults;
}
