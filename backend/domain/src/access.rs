//! Who may do what: one pure function with default deny.

use chrono::{DateTime, Duration, Utc};

use crate::ids::{AccountId, CompanyId, MemberId, SeatId};
use crate::standing::{CompanyStanding, MemberStanding, Role, SeatRole};
use crate::words::words;

/// How lately somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// Longer ago.
    Old,
    /// Within half an hour: enough to share contact, to shut somebody out, to change keys and second steps.
    Recent,
    /// Within five minutes: enough to look at a physician's contact.
    JustNow,
}

impl Freshness {
    /// Of a proof given at a moment.
    #[must_use]
    pub fn at(proved_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        match now - proved_at {
            age if age < Duration::minutes(5) => Self::JustNow,
            age if age < Duration::minutes(30) => Self::Recent,
            _ => Self::Old,
        }
    }
}

/// Whether an account of this role must have a second factor, where the instance asks for one: those who see many
/// people's things. Everybody else may have one.
#[must_use]
pub const fn needs_second_factor(role: Role, seat: Option<SeatRole>) -> bool {
    matches!((role, seat), (Role::Admin, _) | (Role::Company, Some(SeatRole::Owner)))
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Visitor,
    /// A physician.
    Member {
        /// Which.
        member: MemberId,
        /// Standing now.
        standing: MemberStanding,
        /// How lately signed in.
        fresh: Freshness,
    },
    /// A person acting for a company.
    Seat {
        /// Which seat.
        seat: SeatId,
        /// Whose.
        company: CompanyId,
        /// What the seat may do.
        role: SeatRole,
        /// The company's standing now.
        standing: CompanyStanding,
        /// How lately signed in.
        fresh: Freshness,
    },
    /// A community admin.
    Admin {
        /// Which account.
        account: AccountId,
        /// May look at contacts, as the operator has decided.
        sees_contacts: bool,
        /// How lately signed in.
        fresh: Freshness,
    },
    /// Somebody who must set up a second factor before anything else, whatever the role.
    Enrolling {
        /// How lately signed in.
        fresh: Freshness,
    },
}

impl Actor {
    /// How lately signed in; nobody is never.
    #[must_use]
    pub const fn fresh(&self) -> Freshness {
        match self {
            Self::Visitor => Freshness::Old,
            Self::Member { fresh, .. }
            | Self::Seat { fresh, .. }
            | Self::Admin { fresh, .. }
            | Self::Enrolling { fresh } => *fresh,
        }
    }
}

/// What a thing belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// Nobody's in particular: a list, or something of the actor's own.
    Site,
    /// A member's.
    OfMember(MemberId),
    /// A company's.
    OfCompany(CompanyId),
}

words! {
    /// What is asked for.
    Action {
        /// Read and change one's own profile, permissions, alerts, blocks, matches, ledger.
        OwnMembership = "own_membership",
        /// Say yes to an opening: contact leaves.
        ShareContact = "share_contact",
        /// Take a yes back.
        TakeBack = "take_back",
        /// See the company's own pages.
        SeeCompany = "see_company",
        /// Write, submit, close, confirm openings.
        ManageOpenings = "manage_openings",
        /// See an introduction with its contact.
        SeeContact = "see_contact",
        /// Change the company.
        ManageCompany = "manage_company",
        /// Let people and programs act for the company: seats and keys.
        ManageAccess = "manage_access",
        /// Moderate members, companies, openings, matches, mail.
        Moderate = "moderate",
        /// Suspend or ban.
        ShutOut = "shut_out",
        /// Look at a physician's contact.
        LookAtContact = "look_at_contact",
        /// Set up, renew or take off one's own second factor.
        ChangeSecondFactor = "change_second_factor",
    }
}

/// Why not, and what the answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// Sign in first (401).
    SignIn,
    /// Not yours, which cannot be told from not there (404).
    NotFound,
    /// Your role never may (403).
    Role,
    /// Not with this standing, or not before approval (403).
    Standing,
    /// Needs a fresh sign-in (403).
    Fresh,
    /// A second factor must be set up first (403).
    Enrol,
    /// The operator has not given this admin sight of contacts (403).
    Contacts,
}

/// Decides. Ownership is looked at before standing, so that a stranger learns nothing.
///
/// # Errors
/// The denial, when it is not allowed.
pub fn decide(actor: &Actor, action: Action, resource: &Resource) -> Result<(), Denial> {
    use Action as A;
    match (actor, action) {
        (Actor::Visitor, _) => Err(Denial::SignIn),
        (_, A::ChangeSecondFactor) => proven(actor, Freshness::Recent),
        (Actor::Enrolling { .. }, _) => Err(Denial::Enrol),
        (Actor::Member { member, standing, .. }, A::OwnMembership | A::ShareContact | A::TakeBack) => {
            owns(matches!(resource, Resource::Site) || *resource == Resource::OfMember(member.clone()))?;
            match (action, standing) {
                (A::ShareContact, MemberStanding::Active) => proven(actor, Freshness::Recent),
                (A::ShareContact, _) => Err(Denial::Standing),
                // Whoever joined may see and take back what is theirs, whatever their standing.
                _ => Ok(()),
            }
        }
        (
            Actor::Seat { company, role, standing, .. },
            A::SeeCompany | A::ManageOpenings | A::SeeContact | A::ManageCompany | A::ManageAccess,
        ) => {
            owns(matches!(resource, Resource::Site) || *resource == Resource::OfCompany(company.clone()))?;
            match (action, role) {
                (A::SeeCompany, _) => Ok(()),
                (A::ManageCompany, SeatRole::Owner) => Ok(()),
                (A::ManageAccess, SeatRole::Owner) => proven(actor, Freshness::Recent),
                (A::ManageOpenings | A::SeeContact, SeatRole::Owner | SeatRole::Recruiter) => match standing {
                    CompanyStanding::Approved => Ok(()),
                    CompanyStanding::Pending if matches!(action, A::ManageOpenings) => Ok(()),
                    _ => Err(Denial::Standing),
                },
                _ => Err(Denial::Role),
            }
        }
        (Actor::Admin { .. }, A::Moderate) => Ok(()),
        (Actor::Admin { .. }, A::ShutOut) => proven(actor, Freshness::Recent),
        (Actor::Admin { sees_contacts: false, .. }, A::LookAtContact) => Err(Denial::Contacts),
        (Actor::Admin { .. }, A::LookAtContact) => proven(actor, Freshness::JustNow),
        _ => Err(Denial::Role),
    }
}

fn proven(actor: &Actor, least: Freshness) -> Result<(), Denial> {
    if actor.fresh() >= least { Ok(()) } else { Err(Denial::Fresh) }
}

const fn owns(yes: bool) -> Result<(), Denial> {
    if yes { Ok(()) } else { Err(Denial::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uuid(n: u8) -> String {
        format!("00000000-0000-4000-8000-0000000000{n:02}")
    }
    const NEW: Freshness = Freshness::JustNow;
    fn member(standing: MemberStanding, fresh: Freshness) -> Actor {
        Actor::Member { member: MemberId::parse(&uuid(1)).unwrap(), standing, fresh }
    }
    fn seat(role: SeatRole, standing: CompanyStanding) -> Actor {
        Actor::Seat {
            seat: SeatId::parse(&uuid(2)).unwrap(),
            company: CompanyId::parse(&uuid(3)).unwrap(),
            role,
            standing,
            fresh: NEW,
        }
    }
    fn admin(sees_contacts: bool, fresh: Freshness) -> Actor {
        Actor::Admin { account: AccountId::parse(&uuid(4)).unwrap(), sees_contacts, fresh }
    }
    fn allowed(actor: &Actor) -> Vec<Action> {
        Action::ALL.iter().copied().filter(|a| decide(actor, *a, &Resource::Site).is_ok()).collect()
    }

    #[test]
    fn every_role_has_its_own_actions_and_no_others() {
        use Action as A;
        let own = A::ChangeSecondFactor;
        assert_eq!(allowed(&Actor::Visitor), []);
        assert_eq!(
            allowed(&member(MemberStanding::Active, NEW)),
            [A::OwnMembership, A::ShareContact, A::TakeBack, own]
        );
        let owner = |standing| allowed(&seat(SeatRole::Owner, standing));
        assert_eq!(
            owner(CompanyStanding::Approved),
            [A::SeeCompany, A::ManageOpenings, A::SeeContact, A::ManageCompany, A::ManageAccess, own]
        );
        assert_eq!(
            owner(CompanyStanding::Pending),
            [A::SeeCompany, A::ManageOpenings, A::ManageCompany, A::ManageAccess, own]
        );
        assert_eq!(owner(CompanyStanding::Suspended), [A::SeeCompany, A::ManageCompany, A::ManageAccess, own]);
        assert_eq!(
            allowed(&seat(SeatRole::Recruiter, CompanyStanding::Approved)),
            [A::SeeCompany, A::ManageOpenings, A::SeeContact, own]
        );
        assert_eq!(allowed(&seat(SeatRole::Viewer, CompanyStanding::Approved)), [A::SeeCompany, own]);
        assert_eq!(allowed(&admin(false, NEW)), [A::Moderate, A::ShutOut, own]);
        assert_eq!(allowed(&admin(true, NEW)), [A::Moderate, A::ShutOut, A::LookAtContact, own]);
    }

    #[test]
    fn what_is_delicate_needs_a_fresh_proof() {
        use Freshness as F;
        for (fresh, want) in [
            (F::JustNow, vec![Action::Moderate, Action::ShutOut, Action::LookAtContact, Action::ChangeSecondFactor]),
            (F::Recent, vec![Action::Moderate, Action::ShutOut, Action::ChangeSecondFactor]),
            (F::Old, vec![Action::Moderate]),
        ] {
            assert_eq!(allowed(&admin(true, fresh)), want, "{fresh:?}");
        }
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        for (seconds, want) in
            [(0, F::JustNow), (299, F::JustNow), (300, F::Recent), (1799, F::Recent), (1800, F::Old), (-5, F::JustNow)]
        {
            assert_eq!(Freshness::at(now - Duration::seconds(seconds), now), want, "{seconds}");
        }
    }

    #[test]
    fn whoever_must_enrol_may_do_that_and_nothing_else() {
        let actor = Actor::Enrolling { fresh: NEW };
        assert_eq!(allowed(&actor), [Action::ChangeSecondFactor]);
        assert_eq!(decide(&actor, Action::Moderate, &Resource::Site), Err(Denial::Enrol));
        assert!(needs_second_factor(Role::Admin, None) && needs_second_factor(Role::Company, Some(SeatRole::Owner)));
        assert!(!needs_second_factor(Role::Member, None));
        assert!(!needs_second_factor(Role::Company, Some(SeatRole::Recruiter)));
    }

    #[test]
    fn sharing_needs_an_active_member_and_a_fresh_sign_in() {
        let share = |standing, fresh| decide(&member(standing, fresh), Action::ShareContact, &Resource::Site);
        assert_eq!(share(MemberStanding::Active, Freshness::Recent), Ok(()));
        assert_eq!(share(MemberStanding::Active, Freshness::Old), Err(Denial::Fresh));
        for standing in
            [MemberStanding::Pending, MemberStanding::Paused, MemberStanding::Suspended, MemberStanding::Rejected]
        {
            assert_eq!(share(standing, NEW), Err(Denial::Standing), "{standing}");
        }
    }

    #[test]
    fn what_is_not_yours_is_not_there() {
        let stranger = Resource::OfMember(MemberId::parse(&uuid(9)).unwrap());
        assert_eq!(decide(&member(MemberStanding::Active, NEW), Action::TakeBack, &stranger), Err(Denial::NotFound));
        let others = Resource::OfCompany(CompanyId::parse(&uuid(9)).unwrap());
        for standing in CompanyStanding::ALL {
            assert_eq!(decide(&seat(SeatRole::Viewer, *standing), Action::SeeContact, &others), Err(Denial::NotFound));
        }
    }
}
