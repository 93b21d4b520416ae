//! Invitations: what an agent shares with somebody who is none, for what, and until when.
//!
//! Invariants
//! - pending → accepted → ended; pending → declined, withdrawn, or ended when nobody answers. An
//!   invitation that is over stays so: to come back, another is needed.
//! - What the date says holds whether or not a job has written it yet ([`Invitation::at`]).
//! - Texts go into mails that the house sends to addresses it does not know: names are letters,
//!   and no text holds a link, a line break or a sign that hides others.

use std::time::Duration;

use kernel::{AgentId, OrganisationId, Timestamp, ToolId};

kernel::define_id!(
    /// One invitation.
    InvitationId
);

/// How long an invitation waits for its answer.
pub const ANSWER: Duration = Duration::from_hours(7 * 24);
/// The longest that an invitation may last from the day on which it was sent, however often its end
/// is moved, and the furthest that the configuration lets an end lie away.
pub const LONGEST_DAYS: u16 = 365;
/// The most tools of one invitation.
pub const MOST_TOOLS: usize = 20;
/// The most invitations that one agent has open at once.
pub const MOST_OPEN: u64 = 50;
/// The most invitations that one agent sends in a day: each is a mail to an unknown address.
pub const MOST_A_DAY: u64 = 20;
/// How long after the last end a guest's account is kept.
pub const KEPT: Duration = Duration::from_hours(90 * 24);
/// How often a guest may ask for a new access.
pub const MOST_ASKS: u32 = 3;
/// How long between two such demands.
pub const BETWEEN_ASKS: Duration = Duration::from_hours(24);
/// The longest reason of such a demand, in characters.
pub const LONGEST_REASON: usize = 300;

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// Sent, not answered.
    Pending,
    /// The guest has come.
    Accepted,
    /// Over.
    Ended,
    /// The person refused it.
    Declined,
    /// Taken back before it was answered.
    Withdrawn,
}

impl InvitationState {
    /// The stored word, and that of the JSON API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Ended => "ended",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// From the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Pending,
            Self::Accepted,
            Self::Ended,
            Self::Declined,
            Self::Withdrawn,
        ]
        .into_iter()
        .find(|state| state.word() == word)
    }

    /// Whether it may still let its guest in.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Accepted)
    }
}

/// Why an invitation is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Its date has come.
    Date,
    /// Nobody answered it.
    Unanswered,
    /// Who had invited ended it.
    Inviter,
    /// An administrator of the sponsor ended it.
    Administrator,
    /// The guest refused it.
    Guest,
    /// The guest's account was closed or erased.
    Account,
}

impl Ending {
    /// The stored word, and that of the JSON API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Unanswered => "unanswered",
            Self::Inviter => "inviter",
            Self::Administrator => "administrator",
            Self::Guest => "guest",
            Self::Account => "account",
        }
    }

    /// From the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Date,
            Self::Unanswered,
            Self::Inviter,
            Self::Administrator,
            Self::Guest,
            Self::Account,
        ]
        .into_iter()
        .find(|ending| ending.word() == word)
    }
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The guest's account.
    pub guest: AgentId,
    /// Who invites.
    pub inviter: AgentId,
    /// The inviter's administration, which answers for the guest.
    pub sponsor: OrganisationId,
    /// Who the guest is, as the inviter says.
    pub who: Who,
    /// What for.
    pub purpose: Line,
    /// What is shared.
    pub tools: Vec<ToolId>,
    /// Where it stands.
    pub state: InvitationState,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Unanswered until then, it ends.
    pub answer_by: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// When the guest first came.
    pub accepted_at: Option<Timestamp>,
    /// When it was over, why, and by whose hand.
    pub over: Option<Over>,
    /// How often the guest asked to come back.
    pub asks: u32,
    /// When they last did.
    pub asked_at: Option<Timestamp>,
}

/// How an invitation came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: Ending,
    /// Which agent ended it; none: nobody, or the guest.
    pub by: Option<AgentId>,
}

/// Somebody as an inviter calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// First name.
    pub given_name: Name,
    /// Name.
    pub usual_name: Name,
    /// Where they work, as they say it (“SDIS 40”).
    pub organisation: Line,
}

impl Who {
    /// First name and name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name.as_str(), self.usual_name.as_str())
    }
}

/// Why nothing is done to an invitation, or by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationRefusal {
    /// No mail server, or no tools: this instance invites nobody.
    #[error("this instance sends no invitations")]
    Unavailable,
    /// Not an address.
    #[error("not an e-mail address")]
    Address,
    /// An administration answers for the address's domain.
    #[error("the address is an agent's")]
    AgentAddress,
    /// A name, an organisation or a purpose that cannot be.
    #[error("the field {0} cannot be taken")]
    Text(&'static str),
    /// No tool, too many, or one that the inviter may not share.
    #[error("these tools cannot be shared")]
    Tools,
    /// In the past, or beyond the longest.
    #[error("the end must come within {longest} days")]
    Until {
        /// The most days.
        longest: u16,
    },
    /// Moved further, it would last longer than any may.
    #[error("an invitation lasts at most {LONGEST_DAYS} days")]
    TooLong,
    /// Who would move its end further could not send it any more.
    #[error("the inviter may no longer share what it opens")]
    NoLongerShared,
    /// The caller's own invitation to this person is open.
    #[error("this person is invited already")]
    Already,
    /// The guest's account was suspended or closed by an administrator.
    #[error("this guest's account is not open")]
    Account,
    /// As many as one agent may have open.
    #[error("more than {MOST_OPEN} open invitations")]
    TooManyOpen,
    /// As many as one agent may send in a day.
    #[error("more than {MOST_A_DAY} invitations in a day")]
    TooManyToday,
    /// It does not stand where that would be possible.
    #[error("an invitation that is {} cannot change so", .0.word())]
    State(InvitationState),
    /// The guest has no second factor that may be reset from there.
    #[error("no second factor is reset from this invitation")]
    NoFactor,
    /// The guest has asked enough, or a moment ago.
    #[error("a new access was asked for already")]
    Asked,
    /// Longer than a reason may be.
    #[error("the reason is too long")]
    LongReason,
}

impl Invitation {
    /// Where it stands at `now`: what the date says holds before anybody has written it.
    pub fn at(&self, now: Timestamp) -> InvitationState {
        match self.due(now) {
            Some(_) => InvitationState::Ended,
            None => self.state,
        }
    }

    /// Whether it lets its guest in at `now`, or will once answered.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.at(now).is_open()
    }

    /// What its date makes of it at `now`, when it is still written as open.
    pub fn due(&self, now: Timestamp) -> Option<Over> {
        let over = |at, why| Some(Over { at, why, by: None });
        match self.state {
            InvitationState::Pending | InvitationState::Accepted if now >= self.until => {
                over(self.until, Ending::Date)
            }
            InvitationState::Pending if now >= self.answer_by => {
                over(self.answer_by, Ending::Unanswered)
            }
            _ => None,
        }
    }

    /// How it came to its end, by its date too.
    pub fn over_at(&self, now: Timestamp) -> Option<Over> {
        self.over.or_else(|| self.due(now))
    }

    /// The guest came.
    ///
    /// # Errors
    /// [`InvitationRefusal::State`] when it is over.
    pub fn accept(mut self, now: Timestamp) -> Result<Self, InvitationRefusal> {
        match self.at(now) {
            InvitationState::Pending => {
                self.state = InvitationState::Accepted;
                self.accepted_at = Some(now);
                Ok(self)
            }
            InvitationState::Accepted => Ok(self),
            other => Err(InvitationRefusal::State(other)),
        }
    }

    /// The person refuses it.
    ///
    /// # Errors
    /// [`InvitationRefusal::State`] when it was answered, or is over.
    pub fn decline(mut self, now: Timestamp) -> Result<Self, InvitationRefusal> {
        match self.at(now) {
            InvitationState::Pending => {
                self.state = InvitationState::Declined;
                self.over = Some(Over {
                    at: now,
                    why: Ending::Guest,
                    by: None,
                });
                Ok(self)
            }
            other => Err(InvitationRefusal::State(other)),
        }
    }

    /// It is taken back when it was not answered, else ended.
    ///
    /// # Errors
    /// [`InvitationRefusal::State`] when it is over.
    pub fn end(
        mut self,
        why: Ending,
        by: Option<AgentId>,
        now: Timestamp,
    ) -> Result<Self, InvitationRefusal> {
        self.state = match (self.at(now), why) {
            (InvitationState::Pending, Ending::Inviter | Ending::Administrator) => {
                InvitationState::Withdrawn
            }
            (InvitationState::Pending | InvitationState::Accepted, _) => InvitationState::Ended,
            (other, _) => return Err(InvitationRefusal::State(other)),
        };
        self.over = Some(Over { at: now, why, by });
        Ok(self)
    }

    /// What its date has made of it, to be written.
    pub fn settle(mut self, now: Timestamp) -> Option<Self> {
        let over = self.due(now)?;
        self.state = InvitationState::Ended;
        self.over = Some(over);
        Some(self)
    }

    /// Another end.
    ///
    /// # Errors
    /// [`InvitationRefusal::State`] when it is over, [`InvitationRefusal::TooLong`] when it would
    /// last too long.
    pub fn extend(mut self, until: Until, now: Timestamp) -> Result<Self, InvitationRefusal> {
        match self.at(now) {
            InvitationState::Pending | InvitationState::Accepted => {
                if until.at() > self.created_at.plus(days(LONGEST_DAYS)) {
                    return Err(InvitationRefusal::TooLong);
                }
                self.until = until.at();
                self.answer_by = self.answer_by.min(self.until);
                Ok(self)
            }
            other => Err(InvitationRefusal::State(other)),
        }
    }

    /// The guest asks for a new access.
    ///
    /// # Errors
    /// When there is one, it was refused by the person themselves, or it was asked for already.
    pub fn ask_again(mut self, now: Timestamp) -> Result<Self, InvitationRefusal> {
        match self.at(now) {
            InvitationState::Ended | InvitationState::Withdrawn => {}
            other => return Err(InvitationRefusal::State(other)),
        }
        let lately = |at: Timestamp| now < at.plus(BETWEEN_ASKS);
        if self.asks >= MOST_ASKS || self.asked_at.is_some_and(lately) {
            return Err(InvitationRefusal::Asked);
        }
        self.asks += 1;
        self.asked_at = Some(now);
        Ok(self)
    }
}

/// When an invitation ends: later than now, and no later than the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until(Timestamp);

impl Until {
    /// Three months, when nobody says.
    const USUAL: Duration = Duration::from_hours(92 * 24);

    /// What is wanted; none: three months, or the longest when that is shorter.
    ///
    /// # Errors
    /// [`InvitationRefusal::Until`] when it is not within `longest` days from now.
    pub fn parse(
        wanted: Option<Timestamp>,
        longest: u16,
        now: Timestamp,
    ) -> Result<Self, InvitationRefusal> {
        let longest = longest.min(LONGEST_DAYS);
        let most = days(longest);
        let Some(until) = wanted else {
            return Ok(Self(now.plus(Self::USUAL.min(most))));
        };
        if now < until && until <= now.plus(most) {
            Ok(Self(until))
        } else {
            Err(InvitationRefusal::Until { longest })
        }
    }

    /// The moment.
    pub const fn at(self) -> Timestamp {
        self.0
    }
}

fn days(number: u16) -> Duration {
    Duration::from_hours(24 * u64::from(number))
}

/// A person's name: letters, with what stands between them. 1 to 60 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The most characters.
    pub const LONGEST: usize = 60;

    /// Reads a name; none when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = one_space(text);
        let between = |c: char| matches!(c, ' ' | '-' | '\'' | '’' | '.' | '·');
        let fits = (1..=Self::LONGEST).contains(&text.chars().count());
        let letters = text
            .chars()
            .all(|c| c.is_alphabetic() || between(c) || is_mark(c));
        let is_name = letters && !is_link(&text) && text.chars().any(char::is_alphabetic);
        (fits && is_name).then_some(Self(text))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A line of plain text without a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// The most characters of where somebody works.
    pub const ORGANISATION: usize = 80;
    /// The most characters of a purpose.
    pub const PURPOSE: usize = 200;

    /// Reads a line of 1 to `longest` characters; none when it is none.
    pub fn parse(text: &str, longest: usize) -> Option<Self> {
        let text = one_space(text);
        let fits = (1..=longest).contains(&text.chars().count());
        (fits && is_plain(&text) && text.chars().any(char::is_alphanumeric)).then_some(Self(text))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why somebody asks to come back: a text of at most [`LONGEST_REASON`] characters.
///
/// # Errors
/// [`InvitationRefusal::LongReason`].
pub fn reason(text: &str) -> Result<Option<String>, InvitationRefusal> {
    let text: String = text
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let text = one_space(&text);
    if text.chars().count() > LONGEST_REASON {
        return Err(InvitationRefusal::LongReason);
    }
    Ok((!text.is_empty()).then_some(text))
}

/// One space where there were several; none around. Other white space stays, to be refused.
fn one_space(text: &str) -> String {
    let parts: Vec<&str> = text
        .trim_matches(' ')
        .split(' ')
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// Accents that stand by themselves, as some keyboards and systems write them.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Signs that show nothing, or turn what follows round.
const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

fn is_plain(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.chars()
        .all(|c| !c.is_control() && !is_hidden(c) && !matches!(c, '<' | '>'))
        && !lower.contains("://")
        && !lower.contains("mailto:")
        && !is_link(text)
}

/// Whether programs that read mails would make a link of it: a point between letters, two at least
/// behind it. Abbreviations (`S.D.I.S.`) are none.
fn is_link(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let touches = before.is_some_and(char::is_alphanumeric);
        let behind = rest.clone().take_while(|next| next.is_alphanumeric());
        if c == '.' && touches && behind.filter(|next| next.is_alphabetic()).count() > 1 {
            return true;
        }
        before = Some(c);
    }
    false
}

#[cfg(test)]
mod tests;
