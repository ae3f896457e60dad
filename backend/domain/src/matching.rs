//! Matches: their states, and how much of them the community wants to see before mail goes out.

use crate::words::words;

words! {
    /// Where a match stands.
    MatchState {
        /// Found by a change of the member's; shown, and told in a digest at most.
        Proposed = "proposed",
        /// Waits for an admin.
        Held = "held",
        /// Free to be mailed.
        Released = "released",
        /// Taken out: by an admin, by the member's no, or because it no longer fits.
        Dropped = "dropped",
    }
}

/// How many matches of an opening an admin wants to see first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewPolicy {
    /// Every match waits.
    All,
    /// The matches of a company's first N approved openings wait.
    First(u32),
    /// None waits.
    None,
}

impl ReviewPolicy {
    /// Reads `all`, `first:N` or `none`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "all" => Some(Self::All),
            "none" => Some(Self::None),
            _ => text.strip_prefix("first:")?.parse().ok().map(Self::First),
        }
    }

    /// The spelling `parse` reads.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::First(n) => format!("first:{n}"),
            Self::None => "none".to_owned(),
        }
    }

    /// The state a new match starts in, given how many of the company's openings were approved before this one.
    #[must_use]
    pub const fn first_state(self, approved_before: u32) -> MatchState {
        match self {
            Self::All => MatchState::Held,
            Self::First(n) if approved_before < n => MatchState::Held,
            Self::First(_) | Self::None => MatchState::Released,
        }
    }
}

/// The state after an admin's word; `None` when it is not legal.
#[must_use]
pub fn after_review(from: MatchState, word: ReviewWord) -> Option<MatchState> {
    match (from, word) {
        (MatchState::Proposed | MatchState::Held, ReviewWord::Release) => Some(MatchState::Released),
        (MatchState::Proposed | MatchState::Released, ReviewWord::Hold) => Some(MatchState::Held),
        (MatchState::Proposed | MatchState::Held | MatchState::Released, ReviewWord::Drop) => Some(MatchState::Dropped),
        _ => None,
    }
}

words! {
    /// What an admin says of a match.
    ReviewWord {
        /// May be mailed.
        Release = "release",
        /// Shall wait.
        Hold = "hold",
        /// Is out.
        Drop = "drop",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_decides_the_first_state() {
        for (text, before, state) in [
            ("all", 9, MatchState::Held),
            ("none", 0, MatchState::Released),
            ("first:2", 0, MatchState::Held),
            ("first:2", 1, MatchState::Held),
            ("first:2", 2, MatchState::Released),
        ] {
            assert_eq!(ReviewPolicy::parse(text).map(|p| p.first_state(before)), Some(state), "{text} {before}");
            assert_eq!(ReviewPolicy::parse(text).map(ReviewPolicy::word).as_deref(), Some(text));
        }
        for bad in ["", "some", "first:", "first:x", "first:-1"] {
            assert_eq!(ReviewPolicy::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_dropped_match_stays_dropped() {
        for word in ReviewWord::ALL {
            assert_eq!(after_review(MatchState::Dropped, *word), None);
        }
        assert_eq!(after_review(MatchState::Held, ReviewWord::Release), Some(MatchState::Released));
        assert_eq!(after_review(MatchState::Released, ReviewWord::Hold), Some(MatchState::Held));
    }
}
