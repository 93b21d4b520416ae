//! From which networks a tool answers.

use super::Reach;

/// A set of networks, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reaches {
    internet: bool,
    rie: bool,
    vpn: bool,
}

/// No network was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tool answers from one network at least")]
pub struct NoReach;

impl Reaches {
    /// One network only.
    pub const fn one(reach: Reach) -> Self {
        Self {
            internet: matches!(reach, Reach::Internet),
            rie: matches!(reach, Reach::Rie),
            vpn: matches!(reach, Reach::Vpn),
        }
    }

    /// These networks; named twice counts once.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(reaches: &[Reach]) -> Result<Self, NoReach> {
        if reaches.is_empty() {
            return Err(NoReach);
        }
        Ok(Self {
            internet: reaches.contains(&Reach::Internet),
            rie: reaches.contains(&Reach::Rie),
            vpn: reaches.contains(&Reach::Vpn),
        })
    }

    /// Whether the tool answers from this network.
    pub const fn contains(self, reach: Reach) -> bool {
        match reach {
            Reach::Internet => self.internet,
            Reach::Rie => self.rie,
            Reach::Vpn => self.vpn,
        }
    }

    /// Every network, the widest first.
    pub fn all(self) -> Vec<Reach> {
        let named = Reach::ALL.iter().copied();
        named.filter(|reach| self.contains(*reach)).collect()
    }

    /// The widest network.
    pub fn widest(self) -> Reach {
        self.all().first().copied().unwrap_or(Reach::Vpn)
    }

    /// As stored: words with spaces between.
    pub fn to_text(self) -> String {
        let words: Vec<_> = self.all().into_iter().map(Reach::word).collect();
        words.join(" ")
    }

    /// From the stored text; none when it holds another word, or none at all.
    pub fn from_text(text: &str) -> Option<Self> {
        let reaches: Option<Vec<_>> = text.split(' ').map(Reach::from_word).collect();
        Self::of(&reaches?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_survives_its_text_and_the_widest_is_first() {
        let both = Reaches::of(&[Reach::Vpn, Reach::Rie, Reach::Vpn]).expect("a set");
        assert_eq!(both.to_text(), "rie vpn");
        assert_eq!(Reaches::from_text("rie vpn"), Some(both));
        assert_eq!(both.widest(), Reach::Rie);
        assert!(!both.contains(Reach::Internet));
        for reach in Reach::ALL {
            assert_eq!(Reaches::one(*reach).all(), [*reach]);
        }
    }

    #[test]
    fn no_network_or_an_unknown_one_is_refused() {
        assert_eq!(Reaches::of(&[]), Err(NoReach));
        assert_eq!(Reaches::from_text(""), None);
        assert_eq!(Reaches::from_text("rie moon"), None);
    }
}
