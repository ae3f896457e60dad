//! Why a card is not in a mail: a closed list, each with the words a member reads.

use crate::words::words;

words! {
    /// Why a card was left out for good.
    DropReason {
        /// The member is not active.
        Member = "member",
        /// Alerts by e-mail are off.
        Permission = "permission",
        /// The opening is gone.
        Gone = "gone",
        /// No alert asks for it any more.
        Alert = "alert",
        /// It was changed; the newer revision has its own card.
        Revision = "revision",
        /// It is not live.
        NotLive = "not_live",
        /// An admin holds the match, or took it out.
        Match = "match",
        /// The member said no to it.
        Declined = "declined",
        /// The member blocks the company.
        Blocked = "blocked",
        /// The member muted the company.
        MutedCompany = "muted_company",
        /// It fits in muted markets alone.
        MutedMarket = "muted_market",
        /// It does not fit the profile any more.
        NotEligible = "not_eligible",
    }
}

impl DropReason {
    /// A sentence for the member.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Member => "Your membership was not active.",
            Self::Permission => "Alerts by e-mail were off.",
            Self::Gone => "The opening was taken out.",
            Self::Alert => "None of your alerts asked for it any more.",
            Self::Revision => "The company changed it in a way that matters; the changed opening is judged anew.",
            Self::NotLive => "The opening was not live any more.",
            Self::Match => "An admin held the match back or took it out.",
            Self::Declined => "You said no to it before.",
            Self::Blocked => "You block the company.",
            Self::MutedCompany => "You muted the company.",
            Self::MutedMarket => "It fits you in markets alone that you muted.",
            Self::NotEligible => "It did not fit your profile any more.",
        }
    }

    /// True for what may be different tomorrow by the member's own hand or an admin's: a card that was dropped so and
    /// never sent may come into a later digest.
    #[must_use]
    pub const fn may_come_back(self) -> bool {
        !matches!(self, Self::Revision | Self::Gone)
    }
}

words! {
    /// Why a card waits though it could be shown.
    WaitReason {
        /// Its alerts are paused.
        Paused = "paused",
        /// The member is on vacation.
        Vacation = "vacation",
        /// The address is not confirmed.
        Unconfirmed = "unconfirmed",
        /// The address is suppressed.
        Suppressed = "suppressed",
        /// As many instant mails as the member wants in a day were sent.
        Cap = "cap",
    }
}

impl WaitReason {
    /// A sentence for the member.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Paused => "It waits: the alert that found it is paused.",
            Self::Vacation => "It waits until you are back from vacation.",
            Self::Unconfirmed => "It waits until you confirm your e-mail address.",
            Self::Suppressed => "It waits: mail to your address came back, or was reported as unwanted.",
            Self::Cap => "It waits for the daily mail: you had as many instant mails as you want in a day.",
        }
    }
}

words! {
    /// Where a card stands.
    CardState {
        /// Waits for its digest.
        Pending = "pending",
        /// In a mail that is on its way.
        Taken = "taken",
        /// Sent.
        Sent = "sent",
        /// Left out, with a reason.
        Dropped = "dropped",
    }
}

words! {
    /// How an opening came to an alert.
    Cause {
        /// It was published, or a change of it was.
        Published = "published",
        /// The member changed the profile, an alert or a switch: never told at once.
        Edited = "edited",
        /// As published, and too much for one day.
        Capped = "capped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_sentence_of_its_own() {
        let mut texts: Vec<&str> = DropReason::ALL.iter().map(|r| r.text()).collect();
        texts.extend(WaitReason::ALL.iter().map(|r| r.text()));
        let count = texts.len();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), count);
        assert!(texts.iter().all(|t| t.ends_with('.') && t.len() < 120));
    }
}
