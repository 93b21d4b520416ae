//! What agents and administrations ask of an administration.

mod ask;
mod decide;
mod list;
mod notices;

pub(crate) use ask::NewToolRequest;
pub(super) use ask::WAITING_FOR;
pub(crate) use list::Requests;
pub(crate) use notices::RequestNotices;
pub(super) use notices::announce_asked;

use kernel::{OrganisationId, Role, Timestamp};
use kernel_http::Reached;

use super::Portal;
use crate::domain::{Organisations, RequestId};

/// The subject of acts on a request.
fn subject(id: RequestId) -> String {
    format!("request:{id}")
}

impl Portal {
    /// After the commit: the pages of who decides look again.
    fn requests_changed(
        &self,
        organisation: OrganisationId,
        organisations: &Organisations,
        now: Timestamp,
    ) {
        let to = Reached::Holders {
            role: Role::Administrator,
            organisation,
            ancestors: organisations.ancestors(organisation).to_vec(),
        };
        self.live.say("requests", now.millis(), to.clone());
        // It stands under *Maintenant* too.
        self.live.say("home", now.millis(), to);
    }
}
