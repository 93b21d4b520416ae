import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { FailureNote, FileDrop } from "../../../ui/forms.ts";
import { useAct } from "../api/hooks.ts";
import type { Import } from "../api/shapes.ts";
import { ActFailed } from "../common/States.tsx";
import { MAX_BYTES, TEMPLATE } from "./imports.ts";
import { texts } from "./texts.ts";

/** The first step: the file, read as soon as it is chosen. */
export function ImportFile({ read, onRead }: { read: (file: File) => Promise<Import>; onRead: (made: Import) => void }) {
  const t = useTexts(texts);
  const [name, setName] = useState("");
  const [tooBig, setTooBig] = useState(false);
  const act = useAct(async (file: File) => onRead(await read(file)));
  const chosen = (file: File) => {
    setName(file.name);
    setTooBig(file.size > MAX_BYTES);
    if (file.size <= MAX_BYTES) act.mutate(file);
  };
  return (
    <>
      {tooBig ? <FailureNote title={t.tooBig} /> : null}
      <ActFailed error={act.error} />
      <FileDrop label={t.chooseFile} hint={t.chooseHint} accept=".csv,.txt,text/csv" disabled={act.isPending} onFile={chosen} />
      <p className="bs-under" role="status">
        {act.isPending ? t.reading(name) : null}
      </p>
      <p>
        <a className="bs-link" href={TEMPLATE} download>
          {t.template}
        </a>
      </p>
    </>
  );
}
