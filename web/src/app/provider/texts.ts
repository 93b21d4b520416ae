import { dictionary } from "../../i18n/dictionary.ts";

export const texts = dictionary(
  { account: "Compte", accountLong: "Compte, le mien" },
  { account: "Account", accountLong: "Account, my own" },
);
