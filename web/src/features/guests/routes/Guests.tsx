import { useInvitations } from "../api/guests.ts";
import { Invitations } from "../components/Invitations.tsx";
import { OwnGuests } from "./OwnGuests.tsx";

/** The reader's guests; of an administration, those for whom it answers. */
export default function Guests({ organisation }: { organisation?: string }) {
  return organisation === undefined ? <OwnGuests /> : <Sponsored organisation={organisation} />;
}

/** Who invited each, and their end at once. */
function Sponsored({ organisation }: { organisation: string }) {
  return <Invitations list={useInvitations(organisation)} sponsored />;
}
