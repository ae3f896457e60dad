//! Disputes: a problem that a member or a company reports, and what an admin decides about it.

use crate::words::words;

words! {
    /// Who reports or answers.
    Side {
        /// The physician.
        Member = "member",
        /// The company.
        Company = "company",
    }
}

words! {
    /// What a report is about.
    DisputeKind {
        /// Contact was used for something else than the opening, or passed on.
        ContactMisused = "contact_misused",
        /// Work or pay are not what the opening says.
        NotAsDescribed = "not_as_described",
        /// Money was asked of a physician.
        AsksMoney = "asks_money",
        /// What was shared leads to nobody.
        ContactWrong = "contact_wrong",
        /// Licence, certification or specialty are not what was stated.
        CredentialsWrong = "credentials_wrong",
        /// How somebody behaved.
        Conduct = "conduct",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What an admin decided.
    Outcome {
        /// The company was suspended.
        CompanySuspended = "company_suspended",
        /// The company was banned.
        CompanyBanned = "company_banned",
        /// The introduction was ended.
        IntroductionEnded = "introduction_ended",
        /// Nothing was changed.
        Dismissed = "dismissed",
    }
}

impl Side {
    /// The one across.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Member => Self::Company,
            Self::Company => Self::Member,
        }
    }
}

impl DisputeKind {
    /// Whether a side can report it.
    #[must_use]
    pub const fn is_for(self, side: Side) -> bool {
        match self {
            Self::ContactMisused | Self::NotAsDescribed | Self::AsksMoney => matches!(side, Side::Member),
            Self::ContactWrong | Self::CredentialsWrong => matches!(side, Side::Company),
            Self::Conduct | Self::Other => true,
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ContactMisused => "Contact was used for something else, or passed on",
            Self::NotAsDescribed => "The work or the pay is not what the opening says",
            Self::AsksMoney => "Money was asked of a physician",
            Self::ContactWrong => "The contact leads to nobody",
            Self::CredentialsWrong => "Licence, certification or specialty are not as stated",
            Self::Conduct => "How somebody behaved",
            Self::Other => "Something else",
        }
    }
}

impl Outcome {
    /// As both sides read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::CompanySuspended => "The company was suspended",
            Self::CompanyBanned => "The company was banned",
            Self::IntroductionEnded => "The introduction was ended",
            Self::Dismissed => "Nothing was changed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_has_its_own_reports() {
        for side in Side::ALL {
            let all: Vec<DisputeKind> = DisputeKind::ALL.iter().copied().filter(|kind| kind.is_for(*side)).collect();
            assert!(all.contains(&DisputeKind::Other) && all.len() >= 4, "{side}");
            assert_eq!(side.other().other(), *side);
        }
        assert!(!DisputeKind::AsksMoney.is_for(Side::Company));
        assert!(DisputeKind::ALL.iter().all(|kind| kind.is_for(Side::Member) || kind.is_for(Side::Company)));
    }
}
