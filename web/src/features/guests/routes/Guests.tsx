import { useInvitations } from "../api/guests.ts";
import { Invitations } from "../components/Invitations.tsx";
import { OwnGuests } from "./OwnGuests.tsx";

/** The reader's guests; of an administration, those for whom it answers, or whom one of its agents invited. */
export default function Guests({ organisation, inviter }: { organisation?: string; inviter?: string | undefined }) {
  return organisation === undefined ? <OwnGuests /> : <Sponsored organisation={organisation} inviter={inviter} />;
}

/** Who invited each, and their end at once. */
function Sponsored({ organisation, inviter }: { organisation: string; inviter: string | undefined }) {
  return <Invitations list={useInvitations(organisation, inviter)} sponsored />;
}
