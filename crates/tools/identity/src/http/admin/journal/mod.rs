//! `/api/v1/admin/journal`: what was done, by whom, and the proof of it.

pub(in crate::http) mod export;
pub(in crate::http) mod get;
pub(in crate::http) mod list;

use std::collections::BTreeMap;

use kernel::{ACTS, AgentId, Locale, Outcome, Timestamp, acts_named};
use kernel_db::{Entry, Proof, Standing};
use kernel_http::ApiError;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, OpenApi, PartialSchema, ToSchema};

use super::{not_an_id, organisation_id};
use crate::service::journal::{JournalFacts, JournalFilter, NamesBySubject, Who};

/// The part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(list::handle, get::handle, export::handle),
    components(schemas(JournalPageView, JournalProofView))
)]
pub(super) struct ApiDoc;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct WhichEntries {
    /// Of this administration and below; absent: of all that the caller administers, and for an
    /// operator the system’s.
    organisation: Option<String>,
    /// From this time, UTC milliseconds.
    from: Option<i64>,
    /// Before this time, UTC milliseconds.
    before: Option<i64>,
    /// By whom: an agent’s id, or beginnings of words of their name or their address.
    who: Option<String>,
    /// An act (`identity.session.open`) or a family of acts (`identity.session`).
    act: Option<String>,
    /// `done`, `refused` or `failed`.
    outcome: Option<String>,
    /// On what: `agent:…`, `tool:…`, `role:…`, as entries say it.
    subject: Option<String>,
    /// The `next` of the page before; says nothing to an export.
    cursor: Option<String>,
    /// 1 to 200; 50 when absent; says nothing to an export.
    limit: Option<u16>,
}

impl WhichEntries {
    fn filter(self) -> Result<JournalFilter, ApiError> {
        let wrong = || ApiError(not_an_id());
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let organisation = said(self.organisation).map(|id| organisation_id(&id));
        let act = match said(self.act) {
            None => None,
            Some(name) => {
                let acts = acts_named(&name);
                if acts.is_empty() {
                    return Err(wrong());
                }
                Some((name, acts))
            }
        };
        let outcome = said(self.outcome).map(|word| Outcome::from_word(&word).ok_or_else(wrong));
        let subject = said(self.subject);
        if subject.as_ref().is_some_and(|subject| !is_subject(subject)) {
            return Err(wrong());
        }
        Ok(JournalFilter {
            organisation: organisation.transpose()?,
            from: self.from.map(Timestamp::from_millis),
            before: self.before.map(Timestamp::from_millis),
            who: said(self.who).map(|who| who_of(&who)),
            act,
            outcome: outcome.transpose()?,
            subject,
        })
    }
}

fn who_of(text: &str) -> Who {
    AgentId::parse(text).map_or_else(
        |_| Who::Named(text.trim().chars().take(100).collect()),
        Who::Agent,
    )
}

/// `kind:id`.
fn is_subject(text: &str) -> bool {
    text.len() <= 300
        && !text.contains('\0')
        && text.split_once(':').is_some_and(|(kind, id)| {
            !kind.is_empty()
                && !id.is_empty()
                && kind.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')
        })
}

/// A page of the journal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct JournalPageView {
    /// The latest first.
    items: Vec<JournalEntryView>,
    /// The names of those and of that which the entries name by ids, by subject (`agent:…`,
    /// `organisation:…`, `provider:…`, `client:…`, `tool:…`); what has none (any more) is absent.
    names: BTreeMap<String, JournalNameView>,
    /// How the chains read stand.
    facts: JournalFactsView,
    /// Where the next page begins; absent at the end.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An entry of the journal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct JournalEntryView {
    /// Whose: an administration’s id, or `system`.
    chain: String,
    /// Its place there, from 1.
    seq: i64,
    /// When, UTC milliseconds.
    at: i64,
    /// Who acted, an agent’s id; absent: nobody known, or the program itself.
    #[schema(value_type = String, nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<AgentId>,
    act: JournalAct,
    /// On what, `kind:id`.
    subject: String,
    #[schema(value_type = JournalOutcome)]
    outcome: Outcome,
    /// Ids, figures and reason codes.
    #[schema(value_type = Object)]
    data: serde_json::Value,
    /// What is kept aside, erasable: the address of who tried to sign in.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<String>,
    /// Whether something was kept aside and has been erased.
    erased: bool,
}

/// How an act ended.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "the description's shape of kernel::Outcome")]
pub(in crate::http) enum JournalOutcome {
    Done,
    Refused,
    Failed,
}

/// The stable name of an act.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(in crate::http) struct JournalAct(String);

impl PartialSchema for JournalAct {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(ACTS.iter().map(|act| act.0)))
            .description(Some("The stable name of an act."))
            .into()
    }
}

impl ToSchema for JournalAct {}

/// What something is called.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct JournalNameView {
    name: String,
    /// Of an agent, their administration’s name.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
}

/// How the chains read stand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct JournalFactsView {
    /// Entries in them, whatever the filter.
    entries: i64,
    /// Of them, those that the last signed checkpoint covers.
    covered: i64,
    /// When that was signed, UTC milliseconds; absent: there is none, or it is not believed.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint_at: Option<i64>,
    /// How many months entries are kept, at least.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_months: Option<u16>,
    /// Entries older than this have left, UTC milliseconds; absent: none has left yet.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    gone_before: Option<i64>,
}

/// An entry and what proves it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct JournalProofView {
    entry: JournalEntryView,
    /// As in a page.
    names: BTreeMap<String, JournalNameView>,
    #[schema(value_type = JournalStanding)]
    standing: &'static str,
    /// The last place up to which every link was computed anew, from this entry on.
    verified_up_to: i64,
    /// The last place of the chain that the signed checkpoint saw; absent: none covers the entry.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint_seq: Option<i64>,
    /// When it was signed, UTC milliseconds.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoint_at: Option<i64>,
    /// SHA-256 of the entry after the one before, in hexadecimal.
    hash: String,
    /// That of the entry before; zeros for the first.
    previous_hash: String,
}

/// `covered`: every link from the entry to the signed checkpoint fits. `linked`: the checkpoint
/// covers it and is far; the links up to `verifiedUpTo` fit. `young`: it fits and no checkpoint has
/// seen it yet. `broken`: it, a link or the checkpoint does not fit.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "the description's shape of kernel_db::Standing")]
pub(in crate::http) enum JournalStanding {
    Covered,
    Linked,
    Young,
    Broken,
}

impl From<&Entry> for JournalEntryView {
    fn from(entry: &Entry) -> Self {
        Self {
            chain: entry.chain.to_string(),
            seq: entry.seq,
            at: entry.at.millis(),
            actor: entry.actor,
            act: JournalAct(entry.act.clone()),
            subject: entry.subject.clone(),
            outcome: entry.outcome,
            data: serde_json::from_str(&entry.data).unwrap_or_default(),
            personal: entry
                .personal
                .as_ref()
                .map(|personal| personal.text.clone()),
            erased: entry.personal_digest.is_some() && entry.personal.is_none(),
        }
    }
}

impl From<JournalFacts> for JournalFactsView {
    fn from(facts: JournalFacts) -> Self {
        Self {
            entries: facts.entries,
            covered: facts.covered,
            checkpoint_at: facts.checkpoint_at.map(Timestamp::millis),
            kept_months: facts.kept_months,
            gone_before: facts.gone_before.map(Timestamp::millis),
        }
    }
}

impl JournalProofView {
    fn new(proof: &Proof, names: NamesBySubject, locale: Locale) -> Self {
        Self {
            entry: JournalEntryView::from(&proof.entry),
            names: named(names, locale),
            standing: match proof.standing {
                Standing::Covered => "covered",
                Standing::Linked => "linked",
                Standing::Young => "young",
                Standing::Broken => "broken",
            },
            verified_up_to: proof.verified_up_to,
            checkpoint_seq: proof.checkpoint_seq,
            checkpoint_at: proof.checkpoint_at.map(Timestamp::millis),
            hash: hex::encode(proof.entry.hash),
            previous_hash: hex::encode(proof.entry.previous_hash),
        }
    }
}

fn named(names: NamesBySubject, locale: Locale) -> BTreeMap<String, JournalNameView> {
    let view = |(subject, name): (String, crate::service::journal::NameOf)| {
        let shown = JournalNameView {
            name: name.name.get(locale).to_owned(),
            of: name.of,
        };
        (subject, shown)
    };
    names.into_iter().map(view).collect()
}
