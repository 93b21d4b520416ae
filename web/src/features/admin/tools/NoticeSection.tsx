import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { ActButton, PresetGroup, TextField } from "../../../ui/forms.ts";
import { useAct } from "../api/hooks.ts";
import type { Level, Tool, ToolNotice } from "../api/shapes.ts";
import { localised } from "../common/bilingual.ts";
import { fieldOfMoment, momentOfField } from "../common/format.ts";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { texts } from "./texts.ts";

interface NoticeSectionProps {
  tool: Tool;
  show: (id: string, notice: ToolNotice) => Promise<unknown>;
  end: (id: string) => Promise<unknown>;
}

/** What the tile says of the service when it is not well. */
export function NoticeSection({ tool, show, end }: NoticeSectionProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const [level, setLevel] = useState<Level | "well">(tool.notice?.level ?? "well");
  const [fr, setFr] = useState(tool.notice?.message?.fr ?? "");
  const [en, setEn] = useState(tool.notice?.message?.en ?? "");
  const [until, setUntil] = useState(fieldOfMoment(tool.notice?.until));
  const [asked, setAsked] = useState(false);
  const act = useAct(async (chosen: Level | "well") => {
    if (chosen === "well") await end(tool.id);
    else await show(tool.id, { level: chosen, message: localised(fr, en), until: momentOfField(until) ?? null });
    return chosen;
  });
  const run = () => {
    setAsked(true);
    if (level === "well" || fr.trim() !== "") act.mutate(level);
  };
  return (
    <fieldset className="bs-fieldset">
      <legend>
        {t.notice} <small>{t.noticeText}</small>
      </legend>
      <div className="bs-stack">
        <PresetGroup<Level | "well">
          quiet
          label={t.notice}
          value={level}
          choices={[
            { value: "well", label: t.noticeNone },
            { value: "disturbed", label: t.disturbed },
            { value: "down", label: t.down },
          ]}
          onChange={setLevel}
        />
        {level === "well" ? null : (
          <>
            <div className="bs-pair">
              <TextField
                label={t.noticeMessage}
                value={fr}
                error={asked && fr.trim() === "" ? c.required : undefined}
                onChange={setFr}
              />
              <TextField label={t.noticeMessageEn} lang="en" value={en} onChange={setEn} />
            </div>
            <TextField label={t.noticeUntil} type="datetime-local" value={until} onChange={setUntil} />
          </>
        )}
        <ActFailed error={act.error} />
        <div className="bs-actions bs-actions--start">
          <ActButton small off={act.isPending || (level === "well" && !tool.notice)} onClick={run}>
            {level === "well" ? t.noticeEnd : t.noticeShow}
          </ActButton>
          <span className="bs-soft" role="status">
            {act.data === undefined ? null : act.data === "well" ? t.noticeEnded : t.noticeShown}
          </span>
        </div>
      </div>
    </fieldset>
  );
}
