/** One field of a form, as the reader knows it. */
export interface FieldOf<Form> {
  /** What moves together when this field is chosen. */
  keys: readonly (keyof Form)[];
  label: string;
  show: (form: Form) => string;
}

export type Side = "mine" | "theirs";

/** The fields that two versions write differently. */
export function differences<Form>(mine: Form, theirs: Form, fields: readonly FieldOf<Form>[]): FieldOf<Form>[] {
  return fields.filter(({ keys }) => keys.some((key) => JSON.stringify(mine[key]) !== JSON.stringify(theirs[key])));
}

/** Which side a field starts on: theirs when I did not touch it. */
export function firstSide<Form>(mine: Form, base: Form, { keys }: FieldOf<Form>): Side {
  return keys.some((key) => JSON.stringify(mine[key]) !== JSON.stringify(base[key])) ? "mine" : "theirs";
}

/** One version made of two: mine, with the fields chosen of the other. `sides` is by label. */
export function merged<Form>(
  mine: Form,
  theirs: Form,
  fields: readonly FieldOf<Form>[],
  sides: Readonly<Record<string, Side>>,
): Form {
  const result = { ...mine };
  for (const { keys, label } of fields) {
    if (sides[label] !== "theirs") continue;
    for (const key of keys) result[key] = theirs[key];
  }
  return result;
}
