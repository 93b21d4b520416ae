import type { RefObject } from "react";

import { useTexts } from "../i18n/dictionary.ts";
import { chooseTheme, useTheme } from "../lib/preferences/theme.ts";
import { ChoiceGroup, Dialog } from "../ui/index.ts";
import { texts } from "./texts.ts";

interface DisplaySettingsProps {
  open: boolean;
  opener: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Light, dark, or as the machine: shown at once, kept in a cookie that the server reads too. */
export default function DisplaySettings({ open, opener, onClose }: DisplaySettingsProps) {
  const t = useTexts(texts);
  const theme = useTheme();
  return (
    <Dialog open={open} title={t.settings} closeLabel={t.close} opener={opener} onClose={onClose}>
      <ChoiceGroup
        legend={t.theme}
        hint={t.themeHint}
        value={theme}
        choices={[
          { value: "light", label: t.light, icon: "sun-line" },
          { value: "dark", label: t.dark, icon: "moon-line" },
          { value: "system", label: t.system, icon: "computer-line" },
        ]}
        onChange={chooseTheme}
      />
    </Dialog>
  );
}
