import { Icon } from "../../../ui/index.ts";
import { useSite } from "../api/site.ts";

/** Whom to ask: as the instance's configuration says, nothing invented. */
export function SupportCard() {
  const support = useSite().data?.support;
  if (support === undefined) return null;
  const { label, phone, email, hours } = support;
  return (
    <div className="bs-card bs-help">
      <div>
        <Icon name="customer-service-line" />
        <span>
          <b>{label}</b>
          {hours ? `, ${hours}` : null}
        </span>
      </div>
      {phone ? (
        <div>
          <Icon name="phone-line" />
          <a href={`tel:${phone.replace(/[^+\d]/g, "")}`}>{phone}</a>
        </div>
      ) : null}
      {email ? (
        <div>
          <Icon name="mail-line" />
          <a href={`mailto:${email}`}>{email}</a>
        </div>
      ) : null}
    </div>
  );
}
