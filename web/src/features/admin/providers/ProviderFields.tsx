import { useState } from "react";

import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { CopyLine, Notice, PresetGroup, TextField, TokenField } from "../../../ui/forms.ts";
import { Badge, Button, Icon } from "../../../ui/index.ts";
import { useAct } from "../api/hooks.ts";
import { type DiscoveryCheck, isBroker, type Provider } from "../api/providerShapes.ts";
import { clock, day, number } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { texts as common } from "../texts.ts";
import { type Faults, type ProviderForm, wrongDomain } from "./form.ts";
import { presetName, presetsFor } from "./presets.ts";
import { texts } from "./texts.ts";

interface ProviderFieldsProps {
  provider: Provider | undefined;
  form: ProviderForm;
  secret: string;
  faults: Faults;
  disabled: boolean;
  onChange: (patch: Partial<ProviderForm>) => void;
  onSecret: (secret: string) => void;
  check: (issuer: string) => Promise<DiscoveryCheck>;
}

/** The software, the access, and for whom it vouches. */
export function ProviderFields(props: ProviderFieldsProps) {
  const { provider, form, secret, faults, disabled, onChange, onSecret, check } = props;
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { operator } = useScope();
  const secretHint = () => {
    if (provider === undefined) return t.secretHint;
    return provider.secretAt ? t.secretSince(day(provider.secretAt, locale)) : t.secretKept;
  };
  const missing = (key: keyof Faults) => (faults[key] === undefined ? undefined : c.required);
  const wrong = wrongDomain(form.domains);
  const unproved = (
    <Badge tone="warn" icon="time-line">
      {t.unproved}
    </Badge>
  );
  const domainsError = () => {
    if (faults.domains === "required") return t.domainMissing;
    return faults.domains === undefined || wrong === undefined ? undefined : t.domainWrong(wrong);
  };
  return (
    <fieldset className="bs-fieldset bs-fieldset--flat" disabled={disabled}>
      <fieldset className="bs-fieldset">
        <legend>
          {t.software} <small>{t.softwareHint}</small>
        </legend>
        <div className="bs-stack">
          <PresetGroup
            quiet
            long
            label={t.software}
            value={form.preset}
            choices={presetsFor(operator, provider?.preset).map((value) => ({ value, label: presetName(value, t.generic), detail: t[`${value}Detail`] }))}
            onChange={(preset) => onChange({ preset })}
          />
          <Notice tone="info" title={t.steps} live>
            <p>{t[`${form.preset}Steps`]}</p>
          </Notice>
        </div>
      </fieldset>
      <fieldset className="bs-fieldset">
        <legend>{t.access}</legend>
        <div className="bs-stack">
          <TextField label={t.name} value={form.title} error={missing("title")} required onChange={(title) => onChange({ title })} />
          <IssuerField issuer={form.issuer} fault={faults.issuer} onChange={(issuer) => onChange({ issuer })} check={check} />
          <div className="bs-pair">
            <TextField
              label={t.clientId}
              mono
              value={form.clientId}
              error={missing("clientId")}
              required
              onChange={(clientId) => onChange({ clientId })}
            />
            <TextField
              label={t.secret}
              mono
              type="password"
              autoComplete="new-password"
              value={secret}
              hint={secretHint()}
              error={missing("secret")}
              onChange={onSecret}
            />
          </div>
          <HandOver provider={provider} />
        </div>
      </fieldset>
      <fieldset className="bs-fieldset">
        <legend>{t.who}</legend>
        <div className="bs-stack">
          {isBroker(form.preset) ? (
            <p>{t.brokerWho}</p>
          ) : (
            <TokenField
              label={t.domainsLabel}
              listLabel={t.domainsList}
              placeholder={t.addDomain}
              values={form.domains}
              removeLabel={t.removeDomain}
              marks={new Map(provider?.unprovedDomains.map((domain) => [domain, unproved]))}
              hint={t.domainsHint}
              error={domainsError()}
              onChange={(domains) => onChange({ domains })}
            />
          )}
          <div className="bs-pair">
            <TextField
              label={t.supportLabel}
              value={form.supportLabel}
              hint={t.support}
              error={missing("supportLabel")}
              required
              onChange={(supportLabel) => onChange({ supportLabel })}
            />
            <TextField
              label={t.supportPhone}
              type="tel"
              value={form.supportPhone}
              onChange={(supportPhone) => onChange({ supportPhone })}
            />
            <TextField
              label={t.supportEmail}
              type="email"
              value={form.supportEmail}
              onChange={(supportEmail) => onChange({ supportEmail })}
            />
            <TextField
              label={t.siret}
              inputMode="numeric"
              value={form.defaultSiret}
              hint={t.siretHint}
              error={faults.defaultSiret === undefined ? undefined : t.siretWrong}
              onChange={(defaultSiret) => onChange({ defaultSiret })}
            />
          </div>
        </div>
      </fieldset>
    </fieldset>
  );
}

/** The two addresses that the provider must know of us. */
function HandOver({ provider }: { provider: Provider | undefined }) {
  const t = useTexts(texts);
  const redirect = provider?.redirectUri ?? `${location.origin}/api/v2/oidc-callback`;
  const logout = provider?.logoutUri ?? `${location.origin}/api/v2/client/logout-callback`;
  return (
    <div>
      <p className="fr-label">{t.handOver}</p>
      <CopyLine text={redirect} copyLabel={t.copyRedirect} copiedLabel={t.copied} />
      <CopyLine text={logout} copyLabel={t.copyLogout} copiedLabel={t.copied} />
    </div>
  );
}

interface IssuerFieldProps {
  issuer: string;
  fault: Faults["issuer"];
  onChange: (issuer: string) => void;
  check: (issuer: string) => Promise<DiscoveryCheck>;
}

/** The issuer, and what its discovery says when asked. */
function IssuerField({ issuer, fault, onChange, check }: IssuerFieldProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const [checked, setChecked] = useState<{ issuer: string; at: number }>();
  const act = useAct(check);
  const run = () => {
    setChecked({ issuer, at: Date.now() });
    act.mutate(issuer.trim());
  };
  const error = fault === undefined ? undefined : fault === "required" ? c.required : t.issuerWrong;
  const result = () => {
    if (checked?.issuer !== issuer) return null;
    if (act.isPending) return t.checking;
    const { data } = act;
    if (data?.ok) {
      const { algs = [], keys = 0 } = data.facts ?? {};
      const count = plural(locale, keys, t.keysOne(number(keys, locale)), t.keys(number(keys, locale)));
      return (
        <>
          <span className="t-ok">
            <Icon name="checkbox-circle-fill" />
          </span>
          {t.checked(clock(checked.at, locale), count, algs.join(", "))}
        </>
      );
    }
    return (
      <>
        <span className="t-warn">
          <Icon name="alert-line" />
        </span>
        {t.checkFailed} {data?.problems.join(" ")}
      </>
    );
  };
  return (
    <div>
      <div className="bs-inline">
        <TextField
          label={t.issuer}
          hint={t.issuerHint}
          mono
          type="url"
          value={issuer}
          error={error}
          required
          onChange={onChange}
        />
        <Button kind="tertiary" onClick={run}>
          {t.check}
        </Button>
      </div>
      <p className="bs-under" role="status">
        {result()}
      </p>
    </div>
  );
}
