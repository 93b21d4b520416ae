//! `/api/v1/admin/imports`: a directory's file, from its dry run to its end.

pub(in crate::http) mod apply;
pub(in crate::http) mod create;
pub(in crate::http) mod delete;
pub(in crate::http) mod faulty;
pub(in crate::http) mod get;
pub(in crate::http) mod template;

use kernel::Locale;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::domain::import::report::ImportId;
use crate::domain::import::{Encoding, Fault, Separator};
use crate::store::import::Import;
use crate::texts::import as texts;

/// Faulty lines shown.
const SHOWN: usize = 200;

/// The part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(
        create::handle,
        get::handle,
        apply::handle,
        delete::handle,
        faulty::handle,
        template::handle
    ),
    components(schemas(ImportView, FaultView))
)]
pub(super) struct ApiDoc;

/// An import.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ImportView {
    #[schema(value_type = String)]
    id: ImportId,
    /// Of whose agents.
    organisation: String,
    /// `ready`, `running`, `done` or `failed`.
    state: &'static str,
    /// Lines below the header, good and faulty.
    total: u64,
    /// Lines that an agreement imports.
    ready: u64,
    /// Of them, agents to make; once done, made.
    created: u64,
    /// Of them, agents to change; once done, changed.
    updated: u64,
    /// Of them, agents who are as the file says.
    unchanged: u64,
    /// Of the lines that an agreement imports, those that are imported.
    done: u64,
    /// Agents there who are not in the file; nothing happens to them.
    absent: u64,
    /// The first faulty lines, 200 at most.
    faulty: Vec<FaultView>,
    /// All of them.
    faulty_total: u64,
    /// `utf-8`, `latin-1` or `utf-16`.
    #[schema(value_type = String)]
    encoding: Encoding,
    /// `;`, `,` or `tab`.
    #[schema(value_type = String)]
    separator: Separator,
    /// Headers that are understood, as written.
    columns: Vec<String>,
    /// Headers left aside, as written.
    ignored_columns: Vec<String>,
    /// UTC milliseconds; forgotten from then on.
    expires_at: i64,
}

/// A faulty line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FaultView {
    /// Its number in the file, from 1.
    line: u64,
    /// The column's header, as written; absent: the line as a whole.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// What was read there.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// The stable name of what is wrong.
    problem: &'static str,
    /// What is wrong, in the reader's language.
    message: String,
    /// What would mend it.
    mend: String,
}

impl FaultView {
    fn new(fault: Fault, locale: Locale) -> Self {
        Self {
            line: fault.line,
            problem: fault.cause.code(),
            message: texts::message(&fault.cause).get(locale).to_owned(),
            mend: texts::mend(&fault.cause).get(locale).to_owned(),
            column: fault.column,
            value: fault.value,
        }
    }
}

impl ImportView {
    fn new(import: Import, faults: Vec<Fault>, locale: Locale) -> Self {
        use crate::domain::import::report::ImportState;
        let ready = import.report.ready();
        let report = import.report;
        let (created, updated) = if import.state == ImportState::Done {
            (import.created, import.updated)
        } else {
            (report.created, report.updated)
        };
        Self {
            id: import.id,
            organisation: import.organisation.to_string(),
            state: import.state.word(),
            total: report.total,
            ready,
            created,
            updated,
            unchanged: ready.saturating_sub(created + updated),
            done: import.done,
            absent: report.absent,
            faulty: faults
                .into_iter()
                .take(SHOWN)
                .map(|fault| FaultView::new(fault, locale))
                .collect(),
            faulty_total: report.faulty,
            encoding: report.encoding,
            separator: report.separator,
            columns: report.columns,
            ignored_columns: report.ignored,
            expires_at: import.expires_at.millis(),
        }
    }
}
