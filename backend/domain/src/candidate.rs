//! The two sides a check looks at.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::ids::{CompanyId, MemberId, OpeningId};
use crate::opening::{Liveness, Terms};
use crate::profile::Profile;
use crate::standing::MemberStanding;

/// A member as a check sees one: criteria and standing, no contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub member: MemberId,
    /// Standing; only `active` is matched.
    pub standing: MemberStanding,
    /// Criteria.
    pub profile: Profile,
    /// Companies the member has blocked; the company cannot tell.
    pub blocked: BTreeSet<CompanyId>,
    /// When the profile was last confirmed by the member.
    pub confirmed_at: DateTime<Utc>,
}

/// An opening as a check sees one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub opening: OpeningId,
    /// Its revision, from 1.
    pub revision: i32,
    /// Whose.
    pub company: CompanyId,
    /// What decides whether it is live.
    pub liveness: Liveness,
    /// Terms.
    pub terms: Terms,
}
