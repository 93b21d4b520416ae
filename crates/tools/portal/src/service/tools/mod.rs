//! Tools that administrators publish.

mod application;
mod check_address;
mod consents;
mod create;
mod edit;
mod end;
mod notice;
mod publish;
mod read;

pub(crate) use application::Addresses;
pub(crate) use check_address::Checked;
pub(super) use consents::whole;
pub(super) use create::insert;
pub(crate) use edit::Edit;
pub(crate) use end::EndApplications;
pub(crate) use publish::Warning;
pub(crate) use read::{Listed, Sheet};

use kernel::{Audience, Timestamp};
use kernel_http::Reached;

use super::Portal;
use crate::domain::{Origin, TileId, Tool};
use crate::error::PortalError;

/// The subject of acts on a tool.
fn subject(id: TileId) -> String {
    format!("tool:{id}")
}

/// That a tool is written here and not in the configuration.
fn must_be_stored(tool: &Tool) -> Result<(), PortalError> {
    match tool.origin {
        Origin::Stored => Ok(()),
        Origin::Configured => Err(PortalError::Configured),
    }
}

impl Portal {
    /// After the commit: every node shows it at once, and open pages of whom it concerns look
    /// again.
    pub(super) fn tiles_changed(&self, concerned: Vec<Audience>, now: Timestamp) {
        self.cache.changed();
        let to = Reached::Audience(Audience::Any(concerned));
        self.live.say("home", now.millis(), to);
    }
}
