// Holds the shapes that the application reads against those that the server declares: when an
// answer changes so that a reader would be wrong, this file no longer compiles. No code comes of it.

import type {
  Announcement,
  Grant,
  InboxPart,
  InboxSource,
  NowItem,
  Page,
  Person,
  Settings,
  SourceResult,
  ToolRequest,
} from "./shapes.ts";
import type { components } from "./schema.d.ts";

export type Server = components["schemas"];

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
export type Fits<Answer extends Loose<Read>, Read> = [Answer, Read] extends [never, never] ? false : true;

/** True when whatever the application may send is something that the server declares to take. */
export type Takes<Body, Sent extends Body> = [Body, Sent] extends [never, never] ? false : true;

export type Checked = [
  Fits<Server["HeldGrant"], Grant>,
  Fits<Server["NowItemBody"], NowItem>,
  Fits<Server["AnnouncementsBody"], Page<Announcement>>,
  Fits<Server["InboxBody"], InboxPart>,
  Fits<Server["InboxSourcesBody"], Page<InboxSource>>,
  Fits<Server["Person"], Person>,
  Fits<Server["SettingsForm"], Settings>,
  Fits<Server["SourceLine"], SourceResult>,
  Fits<Server["RequestListBody"], Page<ToolRequest>>,
];
