import { useInvitations } from "../api/guests.ts";
import { Invitations } from "./Invitations.tsx";

/** The guests for whom an administration answers: who invited them, and their end at once. */
export default function SponsoredGuests({ organisation }: { organisation: string }) {
  return <Invitations list={useInvitations(organisation)} sponsored />;
}
