//! A tool as its administrators write it.

use kernel::{AgentId, Audience, OrganisationId, Text, Timestamp};

use super::{
    CategoryId, IconName, Label, Level, Origin, Publication, Reaches, TileAddress, TileId,
};

/// What an administrator says of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolFields {
    /// Its name, 40 characters at most.
    pub name: Label,
    /// What it is for, in one line, 120 characters at most.
    pub description: Label,
    /// Where its tile stands.
    pub category: CategoryId,
    /// Its picture.
    pub icon: IconName,
    /// Where it leads.
    pub address: TileAddress,
    /// From which networks it answers.
    pub reaches: Reaches,
    /// Who answers for it, when named.
    pub owner: Option<AgentId>,
    /// For whom it is.
    pub audience: Audience,
    /// Whether agents who find it may share it with their guests.
    pub guests: bool,
}

impl ToolFields {
    /// Characters of a name.
    pub const NAME: usize = 40;
    /// Characters of a description.
    pub const DESCRIPTION: usize = 120;
}

/// A tool with its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Ours.
    pub id: TileId,
    /// Who writes it.
    pub origin: Origin,
    /// Whose it is; none: the operator's.
    pub organisation: Option<OrganisationId>,
    /// What is said of it.
    pub fields: ToolFields,
    /// Whether it is shown.
    pub state: Publication,
    /// Its application, when it signs agents in through us.
    pub client_id: Option<String>,
    /// Raised by every edit.
    pub version: i64,
    /// When it was last edited.
    pub updated_at: Timestamp,
    /// When it was first published.
    pub published_at: Option<Timestamp>,
    /// Whom its audience took in when it was last saved.
    pub agents: Option<u64>,
    /// What its people say of its state.
    pub notice: Option<ToolNotice>,
}

/// What a tool's people say of its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolNotice {
    /// How it does; never [`Level::Up`].
    pub level: Level,
    /// What is wrong and what to do meanwhile.
    pub message: Text,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none: until it is taken back.
    pub until: Option<Timestamp>,
}

impl ToolNotice {
    /// Whether it still holds.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// The `client_id` of a tool's application: the same at each registration.
pub fn client_id_of(tool: TileId) -> String {
    format!("outil-{tool}")
}
