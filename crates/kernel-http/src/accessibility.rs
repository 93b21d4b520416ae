//! What may be said of the instance's accessibility: what an audit found, and nothing more
//! (law of 11 February 2005, article 47; RGAA 4.1.2).

use kernel::Text;
use serde::Deserialize;

/// State of conformity to the accessibility rules (RGAA 4.1), as an audit found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accessibility {
    /// Without an audit, nothing else may be claimed.
    #[default]
    NonConforme,
    /// Half of the criteria at least.
    PartiellementConforme,
    /// Every criterion.
    TotalementConforme,
}

impl Accessibility {
    /// The state's legal wording, which the web app translates.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NonConforme => "non conforme",
            Self::PartiellementConforme => "partiellement conforme",
            Self::TotalementConforme => "totalement conforme",
        }
    }

    /// The wording in both languages.
    pub const fn text(self) -> Text {
        match self {
            Self::NonConforme => Text::fixed("non conforme", "not compliant"),
            Self::PartiellementConforme => {
                Text::fixed("partiellement conforme", "partially compliant")
            }
            Self::TotalementConforme => Text::fixed("totalement conforme", "fully compliant"),
        }
    }
}

/// An audit's result, as its file holds it. The state is computed from the counts: it cannot be
/// written by hand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Audit {
    /// When, `2026-10-02`.
    pub date: String,
    /// Who made it.
    pub auditor: String,
    /// Criteria met.
    pub met: u32,
    /// Criteria not met.
    pub not_met: u32,
    /// Criteria without object.
    #[serde(default)]
    pub not_applicable: u32,
    /// What is not accessible.
    #[serde(default)]
    pub not_accessible: Vec<Text>,
    /// What the rules do not apply to, and why.
    #[serde(default)]
    pub exempt: Vec<Text>,
    /// Where the multi-year plan is published.
    #[serde(default)]
    pub plan: Option<String>,
}

/// Criteria of RGAA 4.1.2.
const CRITERIA: u32 = 106;

/// Why a file is not an audit's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// Not the expected keys.
    #[error("not an audit's file: {0}")]
    Malformed(String),
    /// The counts do not make an audit.
    #[error("the criteria met, not met and without object must be {CRITERIA} together, not {0}")]
    Count(u64),
    /// Nothing was judged.
    #[error("no criterion was judged")]
    Empty,
}

impl Audit {
    /// An audit from the JSON text of its file.
    ///
    /// # Errors
    /// When a key is missing or unknown, or the counts are not those of RGAA 4.1.2.
    pub fn parse(text: &str) -> Result<Self, AuditError> {
        let audit: Self =
            serde_json::from_str(text).map_err(|cause| AuditError::Malformed(cause.to_string()))?;
        let counts = [audit.met, audit.not_met, audit.not_applicable];
        let total: u64 = counts.into_iter().map(u64::from).sum();
        if total != u64::from(CRITERIA) {
            return Err(AuditError::Count(total));
        }
        if audit.met + audit.not_met == 0 {
            return Err(AuditError::Empty);
        }
        Ok(audit)
    }

    /// Share of the judged criteria that are met, in whole per cent, rounded down.
    pub const fn rate(&self) -> u32 {
        let judged = self.met + self.not_met;
        if judged == 0 {
            return 0;
        }
        self.met * 100 / judged
    }

    /// What the counts allow to say.
    pub const fn state(&self) -> Accessibility {
        if self.not_met == 0 && self.met > 0 {
            Accessibility::TotalementConforme
        } else if self.met >= self.not_met {
            Accessibility::PartiellementConforme
        } else {
            Accessibility::NonConforme
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit(met: u32, not_met: u32, not_applicable: u32) -> Result<Audit, AuditError> {
        Audit::parse(&format!(
            r#"{{"date":"2026-10-02","auditor":"Cabinet","met":{met},"not-met":{not_met},"not-applicable":{not_applicable}}}"#
        ))
    }

    #[test]
    fn the_state_follows_the_counts() {
        let state = |met, not_met, without| audit(met, not_met, without).map(|a| a.state());
        assert_eq!(state(80, 0, 26), Ok(Accessibility::TotalementConforme));
        assert_eq!(state(40, 40, 26), Ok(Accessibility::PartiellementConforme));
        assert_eq!(state(39, 41, 26), Ok(Accessibility::NonConforme));
        assert_eq!(audit(79, 1, 26).map(|a| a.rate()), Ok(98));
    }

    #[test]
    fn counts_that_are_no_audit_and_a_state_written_by_hand_are_refused() {
        assert_eq!(audit(80, 0, 25), Err(AuditError::Count(105)));
        assert_eq!(audit(0, 0, 106), Err(AuditError::Empty));
        assert_eq!(
            audit(u32::MAX, u32::MAX, 0),
            Err(AuditError::Count(2 * u64::from(u32::MAX)))
        );
        let by_hand = r#"{"date":"2026","auditor":"x","met":80,"not-met":26,"state":"totalement"}"#;
        assert!(matches!(
            Audit::parse(by_hand),
            Err(AuditError::Malformed(_))
        ));
    }
}
