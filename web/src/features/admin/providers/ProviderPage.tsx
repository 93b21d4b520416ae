import { useParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { isBroker, type Provider } from "../api/providerShapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { draftKey } from "../common/drafts.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { useProvider } from "./api.ts";
import { EMPTY, formOf } from "./form.ts";
import { ProviderEditor } from "./ProviderEditor.tsx";
import { StateOfProvider } from "./ProvidersPage.tsx";
import { texts } from "./texts.ts";

/** `/administration/fournisseurs/nouveau` and `/administration/fournisseurs/:id`. */
export function ProviderPage() {
  const t = useTexts(texts);
  const { agent, current } = useScope();
  const { id = "nouveau" } = useParams();
  const fresh = id === "nouveau";
  const { data, error, refetch } = useProvider(fresh ? undefined : id);
  const known = data?.data;
  const ready = fresh || known !== undefined;
  return (
    <AdminPage
      title={known?.title ?? t.newProvider}
      above={[{ label: t.title, to: `${BASE}/fournisseurs` }]}
      mark={known === undefined ? undefined : <StateOfProvider enabled={known.enabled} />}
      intro={introOf(known, t)}
    >
      {ready || error !== null ? null : <LoadingRows />}
      {!ready && error !== null ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {ready ? (
        <ProviderEditor
          key={id}
          provider={known}
          tag={data?.tag}
          saved={known === undefined ? EMPTY : formOf(known)}
          organisation={known === undefined ? current.id : known.organisation.id}
          storageKey={draftKey(agent.id, "provider", known?.id ?? `new-${current.id}`)}
        />
      ) : null}
    </AdminPage>
  );
}

/** Who signs in through it. */
function introOf(provider: Provider | undefined, t: (typeof texts)["fr"]): string {
  if (!provider?.enabled) return t.closedText;
  return isBroker(provider.preset) ? t.brokerOpenText : t.openText;
}
