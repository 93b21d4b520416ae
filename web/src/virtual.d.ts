declare module "virtual:icons" {
  /** Address of the sprite with the icons of `ui/icons/names.ts`. */
  export const common: string;
  /** Address of the sprite with every icon of the kit. */
  export const every: string;
}
