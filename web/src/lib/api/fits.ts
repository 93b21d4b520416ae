// Holds the shapes that the application reads against those that the server declares: when an
// answer changes so that a reader would be wrong, this file no longer compiles. No code comes of it.

import type { Grant as AdminGrant, Agent, Announcement as WrittenAnnouncement, Category, Description, OrganisationSheet, Readers, RequestLine, Tool, ToolLine } from "../../features/admin/api/shapes.ts";
import type {
  Announcement,
  Grant,
  InboxPart,
  NowItem,
  Page,
  Person,
  Settings,
  SourceResult,
  ToolRequest,
} from "./shapes.ts";
import type { components } from "./schema.d.ts";

type Server = components["schemas"];

/**
 * A shape without what OpenAPI says less of: which words a text may be, which of true and false,
 * and whether what is absent is written as null.
 */
type Loose<Shape> = Shape extends string
  ? string
  : Shape extends boolean
    ? boolean
    : Shape extends readonly (infer Item)[]
      ? readonly Loose<Item>[]
      : Shape extends object
        ? { readonly [Key in keyof Shape]: Loose<Shape[Key]> | (undefined extends Shape[Key] ? null | undefined : never) }
        : Shape;

/** True when whatever the server may answer is something that the application knows to read. */
type Fits<Answer extends Loose<Read>, Read> = [Answer, Read] extends [never, never] ? false : true;

export type Checked = [
  Fits<Server["HeldGrant"], Grant>,
  Fits<Server["NowItemBody"], NowItem>,
  Fits<Server["AnnouncementsBody"], Page<Announcement>>,
  Fits<Server["InboxBody"], InboxPart>,
  Fits<Server["Person"], Person>,
  Fits<Server["SettingsForm"], Settings>,
  Fits<Server["SourceLine"], SourceResult>,
  Fits<Server["RequestListBody"], Page<ToolRequest>>,
  Fits<Server["RequestListBody"], Page<RequestLine>>,
  Fits<Server["ToolBody"], Tool>,
  Fits<Server["ToolListBody"], Page<ToolLine>>,
  Fits<Server["CategoryListBody"], Page<Category>>,
  Fits<Server["AudienceBody"], Description>,
  Fits<Server["WrittenListBody"], Page<WrittenAnnouncement>>,
  Fits<Server["ReadersBody"], Readers>,
  Fits<Server["AdministeredAgents"], Page<Agent>>,
  Fits<Server["GrantList"], Page<AdminGrant>>,
  Fits<Server["AdministrationView"], OrganisationSheet>,
];
