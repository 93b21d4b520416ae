//! All published tiles at one revision, and the choice of those that a person sees.

use kernel::{Caller, OrganisationId, Profile};

use super::{Category, Tile, TileId};

/// A category with its tiles, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf<C, T> {
    /// Which.
    pub category: C,
    /// Its tiles, at least one.
    pub tiles: Vec<T>,
}

/// The whole portal as it stood at a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    revision: i64,
    shelves: Vec<Shelf<Category, Tile>>,
}

impl Catalogue {
    /// Sorts `tiles` into `categories`; a tile of an unknown category is nobody's.
    pub fn new(revision: i64, mut categories: Vec<Category>, mut tiles: Vec<Tile>) -> Self {
        categories.sort_by_key(|category| (category.position, category.id));
        tiles.sort_by_key(|tile| (tile.position, tile.id));
        let mut shelves: Vec<_> = categories
            .into_iter()
            .map(|category| Shelf {
                category,
                tiles: Vec::new(),
            })
            .collect();
        for tile in tiles {
            if let Some(shelf) = shelves.iter_mut().find(|s| s.category.id == tile.category) {
                shelf.tiles.push(tile);
            }
        }
        Self { revision, shelves }
    }

    /// The state of the databases it shows.
    pub const fn revision(&self) -> i64 {
        self.revision
    }

    /// Every tile, in the order of the page.
    pub fn tiles(&self) -> impl Iterator<Item = &Tile> {
        self.shelves.iter().flat_map(|shelf| &shelf.tiles)
    }

    /// The tiles that lead to an application, whoever sees them.
    pub fn tiles_of_client<'a>(&'a self, client_id: &'a str) -> impl Iterator<Item = &'a Tile> {
        self.tiles()
            .filter(move |tile| tile.client_id.as_deref() == Some(client_id))
    }

    /// The tile of this id, when it is meant for this person.
    pub fn shown(&self, id: TileId, profile: &Profile<'_>) -> Option<&Tile> {
        self.tiles()
            .find(|tile| tile.id == id)
            .filter(|tile| tile.is_for(profile))
    }

    /// The ids of the tiles meant for this person.
    pub fn ids_for(&self, profile: &Profile<'_>) -> Vec<TileId> {
        let meant = self.tiles().filter(|tile| tile.is_for(profile));
        meant.map(|tile| tile.id).collect()
    }

    /// The administrations that have tools here, each once.
    pub fn organisations(&self) -> Vec<OrganisationId> {
        let mut found: Vec<_> = self.tiles().filter_map(|tile| tile.organisation).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The tiles that a caller finds on their page: an agent's, or those shared with a guest.
    pub fn for_caller(&self, caller: &Caller) -> Vec<Shelf<&Category, &Tile>> {
        match &caller.guest {
            None => self.for_profile(&caller.profile()),
            Some(shared) => self.shelves_with(|tile| tile.is_for_guest(shared)),
        }
    }

    /// The tiles meant for this person; a category without any is left out.
    pub fn for_profile(&self, profile: &Profile<'_>) -> Vec<Shelf<&Category, &Tile>> {
        self.shelves_with(|tile| tile.is_for(profile))
    }

    fn shelves_with(&self, shows: impl Fn(&Tile) -> bool) -> Vec<Shelf<&Category, &Tile>> {
        let mut visible = Vec::with_capacity(self.shelves.len());
        for shelf in &self.shelves {
            let tiles: Vec<_> = shelf.tiles.iter().filter(|tile| shows(tile)).collect();
            if !tiles.is_empty() {
                visible.push(Shelf {
                    category: &shelf.category,
                    tiles,
                });
            }
        }
        visible
    }
}

#[cfg(test)]
mod tests {
    use kernel::{AgentId, Audience, OrganisationId, Population};
    use proptest::prelude::*;

    use super::super::{Family, Publication};
    use super::*;
    use crate::sample;

    const MINISTRY: OrganisationId = OrganisationId::from_u128(1);
    const PREFECTURE: OrganisationId = OrganisationId::from_u128(2);
    const NEIGHBOUR: OrganisationId = OrganisationId::from_u128(3);

    fn profile(ancestors: &[OrganisationId]) -> Profile<'_> {
        Profile {
            agent: AgentId::from_u128(9),
            organisation: PREFECTURE,
            ancestors,
            population: Population::Agent,
            guest: false,
        }
    }

    fn names<'a>(shelves: &'a [Shelf<&'a Category, &'a Tile>]) -> Vec<&'a str> {
        shelves
            .iter()
            .flat_map(|s| s.tiles.iter().map(|t| t.name.fr.as_ref()))
            .collect()
    }

    #[test]
    fn shelves_and_tiles_follow_their_positions_and_empty_shelves_are_left_out() {
        let catalogue = Catalogue::new(
            1,
            vec![
                sample::category(1, 2, Family::Blue),
                sample::category(2, 1, Family::Teal),
                sample::category(3, 0, Family::Sand),
            ],
            vec![
                sample::tile(11, 1, 2, Audience::Everyone),
                sample::tile(12, 1, 1, Audience::Everyone),
                sample::tile(13, 2, 5, Audience::Everyone),
            ],
        );
        let shelves = catalogue.for_profile(&profile(&[]));
        assert_eq!(names(&shelves), ["Outil 13", "Outil 12", "Outil 11"]);
        assert_eq!(shelves.len(), 2);
    }

    #[test]
    fn a_draft_and_a_neighbour_s_tile_are_shown_to_nobody_here() {
        let mut draft = sample::tile(11, 1, 1, Audience::Everyone);
        draft.publication = Publication::Draft;
        let foreign = sample::tile(
            12,
            1,
            2,
            Audience::Organisation {
                id: NEIGHBOUR,
                subtree: true,
            },
        );
        let catalogue = Catalogue::new(
            1,
            vec![sample::category(1, 1, Family::Blue)],
            vec![draft, foreign],
        );
        assert!(catalogue.for_profile(&profile(&[MINISTRY])).is_empty());
    }

    #[test]
    fn a_tile_of_an_unknown_category_is_not_shown() {
        let catalogue = Catalogue::new(
            1,
            Vec::new(),
            vec![sample::tile(1, 9, 1, Audience::Everyone)],
        );
        assert!(catalogue.for_profile(&profile(&[])).is_empty());
    }

    fn audiences() -> impl Strategy<Value = Audience> {
        let leaf = prop_oneof![
            Just(Audience::Everyone),
            (1_u128..5, any::<bool>()).prop_map(|(id, subtree)| Audience::Organisation {
                id: OrganisationId::from_u128(id),
                subtree,
            }),
            prop_oneof![Just(Population::Agent), Just(Population::Stagiaire)]
                .prop_map(Audience::Population),
            (8_u128..11).prop_map(|id| Audience::Agent(AgentId::from_u128(id))),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Audience::All),
                prop::collection::vec(inner.clone(), 0..3).prop_map(Audience::Any),
                inner.prop_map(|rule| Audience::Not(Box::new(rule))),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_hidden_tile_is_never_listed_and_a_visible_one_always_is(
            rules in prop::collection::vec((audiences(), any::<bool>(), 1_u128..4), 0..12),
            organisation in 1_u128..5,
            above in 1_u128..5,
        ) {
            let ancestors = [OrganisationId::from_u128(above)];
            let profile = Profile {
                agent: AgentId::from_u128(9),
                organisation: OrganisationId::from_u128(organisation),
                ancestors: &ancestors,
                population: Population::Agent,
                guest: false,
            };
            let tiles: Vec<_> = rules
                .iter()
                .zip(100_u128..)
                .map(|((audience, published, category), id)| {
                    let mut tile = sample::tile(id, *category, 1, audience.clone());
                    if !published {
                        tile.publication = Publication::Draft;
                    }
                    tile
                })
                .collect();
            let categories = (1..4).map(|id| sample::category(id, 1, Family::Blue)).collect();
            let catalogue = Catalogue::new(1, categories, tiles.clone());
            let listed: Vec<_> = catalogue
                .for_profile(&profile)
                .iter()
                .flat_map(|shelf| shelf.tiles.iter().map(|tile| tile.id).collect::<Vec<_>>())
                .collect();
            for tile in &tiles {
                let meant = tile.publication == Publication::Published
                    && tile.audience.includes(&profile);
                prop_assert_eq!(listed.contains(&tile.id), meant);
            }
        }
    }
}
