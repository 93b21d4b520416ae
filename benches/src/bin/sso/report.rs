//! Medians with their ends.

use crate::load::Outcome;

/// The middle of several runs, and the ends.
pub(crate) struct Spread {
    pub(crate) middle: f64,
    least: f64,
    most: f64,
}

impl Spread {
    pub(crate) fn of(runs: &[Outcome], figure: impl Fn(&Outcome) -> f64) -> Self {
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        let at = |place: usize| figures.get(place).copied().unwrap_or_default();
        Self {
            middle: at(figures.len() / 2),
            least: at(0),
            most: at(figures.len().saturating_sub(1)),
        }
    }

    /// `0.28 (0.27–0.30)`.
    pub(crate) fn text(&self, digits: usize) -> String {
        format!(
            "{:.digits$} ({:.digits$}–{:.digits$})",
            self.middle, self.least, self.most
        )
    }
}
