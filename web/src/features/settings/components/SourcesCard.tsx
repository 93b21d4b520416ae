import { useTexts } from "../../../i18n/dictionary.ts";
import { Switch } from "../../../ui/index.ts";
import { type Settings, useSources } from "../api/settings.ts";
import { texts } from "../texts.ts";

interface CardProps {
  settings: Settings;
  change: (change: Partial<Settings>) => void;
}

/** Who tells the reader something: each may be heard or not. Their notices are kept all the same. */
export function SourcesCard({ settings, change }: CardProps) {
  const t = useTexts(texts);
  const mutedSources = settings.mutedSources ?? [];
  const { data, error } = useSources();
  const told = data?.items ?? [];
  const known = new Set(told.map(({ source }) => source));
  // Muted long ago, without anything in the inbox any more: to be heard again from here only.
  const silent = mutedSources.filter((source) => !known.has(source)).map((source) => ({ source, sourceName: source }));
  const hear = (source: string, heard: boolean) => {
    const others = mutedSources.filter((one) => one !== source);
    change({ mutedSources: heard ? others : [...others, source] });
  };
  return (
    <section className="bs-card" aria-labelledby="sources">
      <h2 id="sources">{t.sourcesTitle}</h2>
      <p>{t.sourcesText}</p>
      {data === undefined && error !== null ? <p>{t.sourcesFailed}</p> : null}
      {data !== undefined && told.length + silent.length === 0 ? <p>{t.sourcesNone}</p> : null}
      {[...told, ...(data === undefined ? [] : silent)].map(({ source, sourceName }) => {
        const heard = !mutedSources.includes(source);
        return (
          <Switch
            key={source}
            label={sourceName}
            hint={heard ? t.sourceHeard : t.sourceMuted}
            checked={heard}
            onChange={(next) => hear(source, next)}
          />
        );
      })}
    </section>
  );
}
