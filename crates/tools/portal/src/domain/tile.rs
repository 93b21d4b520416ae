//! One tool on the home page.

use std::time::Duration;

use kernel::{Audience, OrganisationId, Profile, Text, Timestamp, ToolId};

use super::{Badge, CategoryId, Consents, IconName, Publication, Reaches, TileAddress, ToolNotice};

kernel::define_id!(
    /// One tool, and its tile.
    TileId
);

/// How long a tool that an administrator published is called new.
pub const NEW_FOR: Duration = Duration::from_hours(30 * 24);

/// One tool, as agents find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Ours.
    pub id: TileId,
    /// Where it stands.
    pub category: CategoryId,
    /// The tool's name.
    pub name: Text,
    /// What it is for, in one line.
    pub description: Text,
    /// Its picture.
    pub icon: IconName,
    /// Where it leads.
    pub address: TileAddress,
    /// From which networks it answers.
    pub reaches: Reaches,
    /// New, or on trial; none: neither, as far as the configuration says.
    pub badge: Option<Badge>,
    /// For whom it is.
    pub audience: Audience,
    /// Who agreed to that.
    pub consents: Consents,
    /// Whether agents who find it may share it with their guests.
    pub guests: bool,
    /// Whether it is shown at all.
    pub publication: Publication,
    /// Order in its category; equal ones follow their ids.
    pub position: u32,
    /// Whose tool it is; none: the operator's.
    pub organisation: Option<OrganisationId>,
    /// The application that signs agents in through us, when there is one.
    pub client_id: Option<String>,
    /// When an administrator first published it.
    pub published_at: Option<Timestamp>,
    /// What its people say of its state.
    pub notice: Option<ToolNotice>,
}

/// A tile as configuration or the demonstration writes it: whole, under a known id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTile {
    /// Ours.
    pub id: TileId,
    /// Where it stands.
    pub category: CategoryId,
    /// The tool's name.
    pub name: Text,
    /// What it is for, in one line.
    pub description: Text,
    /// Its picture.
    pub icon: IconName,
    /// Where it leads.
    pub address: TileAddress,
    /// From which networks it answers.
    pub reaches: Reaches,
    /// New, or on trial; none: neither.
    pub badge: Option<Badge>,
    /// For whom it is.
    pub audience: Audience,
    /// Whether agents who find it may share it with their guests.
    pub guests: bool,
    /// Whether it is shown at all.
    pub publication: Publication,
    /// Order in its category; equal ones follow their ids.
    pub position: u32,
}

impl TileId {
    /// The same to the other tools of the house.
    pub const fn tool(self) -> ToolId {
        ToolId::from_u128(u128::from_be_bytes(*self.as_bytes()))
    }
}

impl Tile {
    /// Whether this person finds the tile on their page: it is published, its audience takes
    /// them in, and who may agreed to that. The one place where this is decided.
    pub fn is_for(&self, profile: &Profile<'_>) -> bool {
        self.publication == Publication::Published
            && self.audience.includes(profile)
            && self.consents.cover(profile)
    }

    /// Whether a guest with whom these tools are shared finds the tile: it is published and open to
    /// guests still. Its audience, which is of agents, plays no part.
    pub fn is_for_guest(&self, shared: &[ToolId]) -> bool {
        self.publication == Publication::Published
            && self.guests
            && shared.contains(&self.id.tool())
    }

    /// Whether this agent may share the tile: they find it themselves, and it is open to guests.
    pub fn may_be_shared_by(&self, profile: &Profile<'_>) -> bool {
        self.guests && self.is_for(profile)
    }

    /// What the tile says of its tool's age at `now`.
    pub fn badge_at(&self, now: Timestamp) -> Option<Badge> {
        let is_new = self.published_at.is_some_and(|at| now.since(at) < NEW_FOR);
        self.badge.or(is_new.then_some(Badge::New))
    }

    /// What is said of its state at `now`.
    pub fn notice_at(&self, now: Timestamp) -> Option<&ToolNotice> {
        self.notice.as_ref().filter(|notice| notice.holds_at(now))
    }
}

#[cfg(test)]
mod tests {
    use kernel::{AgentId, Population, Scope};

    use super::*;
    use crate::domain::{Consent, Level};
    use crate::sample;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const NEIGHBOUR: OrganisationId = OrganisationId::from_u128(2);

    fn profile(organisation: OrganisationId) -> Profile<'static> {
        Profile {
            agent: AgentId::from_u128(9),
            organisation,
            ancestors: &[],
            population: Population::Agent,
            guest: false,
        }
    }

    #[test]
    fn an_audience_elsewhere_waits_for_that_administration() {
        let mut tile = sample::tile(1, 1, 1, Audience::Everyone);
        let here = Consent {
            scope: Scope::Organisation {
                root: MINISTRY,
                subtree: true,
            },
            audience: Audience::Everyone,
        };
        tile.consents = Consents::Given(vec![here.clone()]);
        assert!(tile.is_for(&profile(MINISTRY)));
        assert!(!tile.is_for(&profile(NEIGHBOUR)));
        let there = Consent {
            scope: Scope::Organisation {
                root: NEIGHBOUR,
                subtree: true,
            },
            audience: Audience::Everyone,
        };
        tile.consents = Consents::Given(vec![here, there]);
        assert!(tile.is_for(&profile(NEIGHBOUR)));
        tile.publication = Publication::Withdrawn;
        assert!(!tile.is_for(&profile(NEIGHBOUR)));
    }

    #[test]
    fn a_guest_finds_what_is_shared_while_it_is_open_to_guests() {
        let mut tile = sample::tile(1, 1, 1, Audience::Everyone);
        let (this, other) = (tile.id.tool(), TileId::from_u128(2).tool());
        assert!(!tile.is_for_guest(&[this]), "not open to guests");
        assert!(!tile.may_be_shared_by(&profile(MINISTRY)));
        tile.guests = true;
        assert!(tile.is_for_guest(&[other, this]));
        assert!(!tile.is_for_guest(&[other]), "not shared");
        assert!(!tile.is_for_guest(&[]));
        assert!(tile.may_be_shared_by(&profile(MINISTRY)));
        tile.audience = Audience::Not(Box::new(Audience::Everyone));
        assert!(!tile.may_be_shared_by(&profile(MINISTRY)), "not theirs");
        tile.publication = Publication::Withdrawn;
        assert!(!tile.is_for_guest(&[this]));
    }

    #[test]
    fn a_published_tool_is_new_for_thirty_days_and_a_configured_badge_wins() {
        let mut tile = sample::tile(1, 1, 1, Audience::Everyone);
        let at = Timestamp::from_millis(1_000);
        assert_eq!(tile.badge_at(at), None);
        tile.published_at = Some(at);
        assert_eq!(tile.badge_at(at), Some(Badge::New));
        assert_eq!(tile.badge_at(at.plus(NEW_FOR)), None);
        tile.badge = Some(Badge::Trial);
        assert_eq!(tile.badge_at(at), Some(Badge::Trial));
    }

    #[test]
    fn a_notice_leaves_the_tile_at_its_end() {
        let mut tile = sample::tile(1, 1, 1, Audience::Everyone);
        let at = Timestamp::from_millis(1_000);
        tile.notice = Some(ToolNotice {
            level: Level::Down,
            message: Text::fixed("Panne", "Outage"),
            since: at,
            until: Some(at.plus(Duration::from_secs(1))),
        });
        assert!(tile.notice_at(at).is_some());
        assert!(tile.notice_at(at.plus(Duration::from_secs(1))).is_none());
    }
}
