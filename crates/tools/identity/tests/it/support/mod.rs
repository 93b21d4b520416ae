//! A small State: Besace, two ministries, some applications, and people with a browser.

mod guests;
mod person;
mod state;
mod tokens;
pub(crate) mod visitor;

pub(crate) use guests::{Hosts, Tool, agent_of, enter, post, refusal};
pub(crate) use person::{Person, Place};
pub(crate) use state::{
    CLAIRE, COMMON_AGRICULTURE, COMMON_INTERIOR, HUGO, INTERIOR, INTRUDER, Instance, KARIM, PAUL,
    SHARED_SECRET, Someone, State,
};
pub(crate) use tokens::{
    Application, Proof, answer_of, asking, claims_of, error_of, fragment_of, query_of,
};
