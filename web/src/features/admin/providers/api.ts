import { read } from "../api/call.ts";
import { useResource, useSend } from "../api/hooks.ts";
import type { DiscoveryCheck, Provider, Trial } from "../api/providerShapes.ts";
import { bodyOf, formOf, type ProviderForm } from "./form.ts";

export const PROVIDERS = "providers";
export const ROOT = "/api/v1/admin/providers";
/** Asked again this often while somebody signs in, in another tab. */
const TRIAL_MS = 1_500;

export function useProvider(id: string | undefined) {
  return useResource<Provider>(PROVIDERS, { path: id === undefined ? undefined : `${ROOT}/${id}` });
}

/** What the trial brought; `waiting`: somebody signs in, in another tab. */
export function useTrial(id: string | undefined, waiting: boolean) {
  return useResource<Trial>("trial", {
    path: id === undefined ? undefined : `${ROOT}/${id}/try`,
    every: waiting ? TRIAL_MS : false,
  });
}

/** Everything that can be done to a provider. */
export function useProviderActs(organisation: string) {
  const send = useSend(PROVIDERS);
  const quietly = useSend();
  const trying = useSend("trial");
  return {
    create: (form: ProviderForm, secret: string) =>
      send<Provider>({ method: "POST", path: ROOT, body: bodyOf(form, organisation, secret) }),
    put: (known: Provider, form: ProviderForm, secret: string, ifMatch: string | undefined) => {
      const body = bodyOf(form, organisation, secret, known);
      return send<Provider>({ method: "PUT", path: `${ROOT}/${known.id}`, body, ifMatch });
    },
    reload: async (id: string) => {
      const { data, tag } = await read<Provider>(`${ROOT}/${id}`);
      return { form: formOf(data), tag };
    },
    enable: (id: string) => send<unknown>({ method: "POST", path: `${ROOT}/${id}/enable` }),
    disable: (id: string) => send<unknown>({ method: "POST", path: `${ROOT}/${id}/disable` }),
    check: async (issuer: string) =>
      (await quietly<DiscoveryCheck>({ method: "POST", path: `${ROOT}/check`, body: { issuer } })).data,
    start: async (id: string) =>
      (await trying<{ url: string; expiresAt: number }>({ method: "POST", path: `${ROOT}/${id}/try` })).data,
  };
}
