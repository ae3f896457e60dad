//! Who may do what: one pure function with default deny.

use crate::ids::{AccountId, CompanyId, MemberId, SeatId};
use crate::standing::{CompanyStanding, MemberStanding, SeatRole};
use crate::words::words;

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
        /// Signed in lately enough to share contact.
        fresh: bool,
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
    },
    /// A community admin.
    Admin {
        /// Which account.
        account: AccountId,
    },
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
        /// Change the company, its team and keys.
        ManageCompany = "manage_company",
        /// Moderate members, companies, openings, matches, mail.
        Moderate = "moderate",
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
}

/// Decides. Ownership is looked at before standing, so that a stranger learns nothing.
///
/// # Errors
/// The denial, when it is not allowed.
pub fn decide(actor: &Actor, action: Action, resource: &Resource) -> Result<(), Denial> {
    use Action as A;
    match (actor, action) {
        (Actor::Visitor, _) => Err(Denial::SignIn),
        (Actor::Member { member, standing, fresh }, A::OwnMembership | A::ShareContact | A::TakeBack) => {
            owns(matches!(resource, Resource::Site) || *resource == Resource::OfMember(member.clone()))?;
            match (action, standing) {
                (A::ShareContact, MemberStanding::Active) if !fresh => Err(Denial::Fresh),
                (A::ShareContact, MemberStanding::Active) => Ok(()),
                (A::ShareContact, _) => Err(Denial::Standing),
                // Whoever joined may see and take back what is theirs, whatever their standing.
                _ => Ok(()),
            }
        }
        (
            Actor::Seat { company, role, standing, .. },
            A::SeeCompany | A::ManageOpenings | A::SeeContact | A::ManageCompany,
        ) => {
            owns(matches!(resource, Resource::Site) || *resource == Resource::OfCompany(company.clone()))?;
            match (action, role) {
                (A::SeeCompany, _) => Ok(()),
                (A::ManageCompany, SeatRole::Owner) => Ok(()),
                (A::ManageOpenings | A::SeeContact, SeatRole::Owner | SeatRole::Recruiter) => match standing {
                    CompanyStanding::Approved => Ok(()),
                    CompanyStanding::Pending if matches!(action, A::ManageOpenings) => Ok(()),
                    _ => Err(Denial::Standing),
                },
                _ => Err(Denial::Role),
            }
        }
        (Actor::Admin { .. }, A::Moderate) => Ok(()),
        _ => Err(Denial::Role),
    }
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
    fn member(standing: MemberStanding, fresh: bool) -> Actor {
        Actor::Member { member: MemberId::parse(&uuid(1)).unwrap(), standing, fresh }
    }
    fn seat(role: SeatRole, standing: CompanyStanding) -> Actor {
        Actor::Seat {
            seat: SeatId::parse(&uuid(2)).unwrap(),
            company: CompanyId::parse(&uuid(3)).unwrap(),
            role,
            standing,
        }
    }
    fn admin() -> Actor {
        Actor::Admin { account: AccountId::parse(&uuid(4)).unwrap() }
    }

    #[test]
    fn every_role_has_its_own_actions_and_no_others() {
        let active = member(MemberStanding::Active, true);
        let owner = seat(SeatRole::Owner, CompanyStanding::Approved);
        let allowed = |actor: &Actor| -> Vec<Action> {
            Action::ALL.iter().copied().filter(|a| decide(actor, *a, &Resource::Site).is_ok()).collect()
        };
        assert_eq!(allowed(&Actor::Visitor), []);
        assert_eq!(allowed(&active), [Action::OwnMembership, Action::ShareContact, Action::TakeBack]);
        assert_eq!(
            allowed(&owner),
            [Action::SeeCompany, Action::ManageOpenings, Action::SeeContact, Action::ManageCompany]
        );
        assert_eq!(
            allowed(&seat(SeatRole::Recruiter, CompanyStanding::Approved)),
            [Action::SeeCompany, Action::ManageOpenings, Action::SeeContact]
        );
        assert_eq!(allowed(&seat(SeatRole::Viewer, CompanyStanding::Approved)), [Action::SeeCompany]);
        assert_eq!(
            allowed(&seat(SeatRole::Owner, CompanyStanding::Pending)),
            [Action::SeeCompany, Action::ManageOpenings, Action::ManageCompany]
        );
        assert_eq!(
            allowed(&seat(SeatRole::Owner, CompanyStanding::Suspended)),
            [Action::SeeCompany, Action::ManageCompany]
        );
        assert_eq!(allowed(&admin()), [Action::Moderate]);
    }

    #[test]
    fn sharing_needs_an_active_member_and_a_fresh_sign_in() {
        let share = |standing, fresh| decide(&member(standing, fresh), Action::ShareContact, &Resource::Site);
        assert_eq!(share(MemberStanding::Active, true), Ok(()));
        assert_eq!(share(MemberStanding::Active, false), Err(Denial::Fresh));
        for standing in
            [MemberStanding::Pending, MemberStanding::Paused, MemberStanding::Suspended, MemberStanding::Rejected]
        {
            assert_eq!(share(standing, true), Err(Denial::Standing), "{standing}");
        }
    }

    #[test]
    fn what_is_not_yours_is_not_there() {
        let stranger = Resource::OfMember(MemberId::parse(&uuid(9)).unwrap());
        assert_eq!(decide(&member(MemberStanding::Active, true), Action::TakeBack, &stranger), Err(Denial::NotFound));
        let others = Resource::OfCompany(CompanyId::parse(&uuid(9)).unwrap());
        for standing in CompanyStanding::ALL {
            assert_eq!(decide(&seat(SeatRole::Viewer, *standing), Action::SeeContact, &others), Err(Denial::NotFound));
        }
    }
}
