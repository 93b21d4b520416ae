import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { Segmented } from "../../../ui/forms.ts";
import { Badge, TileIcon } from "../../../ui/index.ts";
import type { Category } from "../api/shapes.ts";
import { said } from "../common/format.ts";
import type { ToolForm } from "./form.ts";
import { texts } from "./texts.ts";

/** The tile as agents will see it, in both languages. */
export function PreviewCard({ form, category }: { form: ToolForm; category: Category | undefined }) {
  const t = useTexts(texts);
  const [language, setLanguage] = useState<Locale>(useLocale());
  const name = said({ fr: form.nameFr, en: form.nameEn }, language);
  const description = said({ fr: form.descriptionFr, en: form.descriptionEn }, language);
  return (
    <section className="bs-card">
      <div className="bs-head">
        <h2>{t.preview}</h2>
        <Segmented<Locale>
          label={t.previewLanguage}
          value={language}
          choices={[
            { value: "fr", label: "Français", lang: "fr" },
            { value: "en", label: "English", lang: "en" },
          ]}
          onChange={setLanguage}
        />
      </div>
      <div className="bs-prev">
        <div className="bs-tile" lang={language}>
          <span className={`bs-tile__icon c-${category?.family ?? "blue"}`}>
            <TileIcon name={form.icon} />
          </span>
          <span>
            <b>{name || t.previewName}</b>
            <small>{description}</small>
          </span>
          <span className="bs-tile__marks">
            <Badge tone="info">{t.new}</Badge>
          </span>
        </div>
      </div>
    </section>
  );
}
