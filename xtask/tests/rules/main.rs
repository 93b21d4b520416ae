//! The rules of the house that no compiler checks: which crate may know which, which licences
//! and crates are let in, how long a file may be, what a text may not say, how acts are named,
//! what is sealed.

#[cfg(test)]
mod acts;
#[cfg(test)]
mod arrows;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod seals;
#[cfg(test)]
mod texts;
