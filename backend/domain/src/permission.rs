//! A member's standing permissions: events, and the state they fold to.

use crate::words::words;

words! {
    /// A standing permission; each is its own switch, and every one is off until switched on.
    Permission {
        /// Alert mails.
        AlertsEmail = "alerts_email",
        /// The community team may write about an opening.
        AdminOutreach = "admin_outreach",
        /// Counted in reach bands.
        AnonymousCounts = "anonymous_counts",
    }
}

impl Permission {
    /// The text a member agrees to, by version. A new version never widens an old yes.
    #[must_use]
    pub const fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::AlertsEmail => (
                "alerts_email/1",
                "Rosterline may e-mail me about openings that fit my profile. Companies do not learn of it. I can stop it in every mail or here.",
            ),
            Self::AdminOutreach => (
                "admin_outreach/1",
                "The community team may write to me about a particular opening. They write through Rosterline and do not see my address unless they record a reason, which I am told of.",
            ),
            Self::AnonymousCounts => (
                "anonymous_counts/1",
                "I may be counted in the size bands companies see for a specialty group and region. No band shows fewer than 11 physicians apart.",
            ),
        }
    }
}

words! {
    /// What an event says.
    PermissionChange {
        /// Switched on.
        Grant = "grant",
        /// Switched off.
        Revoke = "revoke",
    }
}

/// One event of the log, in the order of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionEvent {
    /// Which permission.
    pub permission: Permission,
    /// On or off.
    pub change: PermissionChange,
}

/// The state of all three switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Permissions {
    /// Alert mails.
    pub alerts_email: bool,
    /// Outreach by the community team.
    pub admin_outreach: bool,
    /// Counted in reach bands.
    pub anonymous_counts: bool,
}

impl Permissions {
    /// The state of one switch.
    #[must_use]
    pub const fn get(self, permission: Permission) -> bool {
        match permission {
            Permission::AlertsEmail => self.alerts_email,
            Permission::AdminOutreach => self.admin_outreach,
            Permission::AnonymousCounts => self.anonymous_counts,
        }
    }

    /// The state after one event.
    #[must_use]
    pub const fn after(mut self, event: PermissionEvent) -> Self {
        let on = matches!(event.change, PermissionChange::Grant);
        match event.permission {
            Permission::AlertsEmail => self.alerts_email = on,
            Permission::AdminOutreach => self.admin_outreach = on,
            Permission::AnonymousCounts => self.anonymous_counts = on,
        }
        self
    }

    /// The events that lead from this state to another; one for each switch that moves.
    #[must_use]
    pub fn changes_to(self, wanted: Self) -> Vec<PermissionEvent> {
        Permission::ALL
            .iter()
            .filter(|p| self.get(**p) != wanted.get(**p))
            .map(|p| PermissionEvent {
                permission: *p,
                change: if wanted.get(*p) { PermissionChange::Grant } else { PermissionChange::Revoke },
            })
            .collect()
    }
}

/// The live state is the fold of the whole log.
#[must_use]
pub fn fold(events: impl IntoIterator<Item = PermissionEvent>) -> Permissions {
    events.into_iter().fold(Permissions::default(), Permissions::after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_off_until_switched_on_and_each_switch_stands_alone() {
        assert_eq!(fold([]), Permissions::default());
        for p in Permission::ALL {
            let on = fold([PermissionEvent { permission: *p, change: PermissionChange::Grant }]);
            for q in Permission::ALL {
                assert_eq!(on.get(*q), p == q, "{p} {q}");
            }
        }
    }

    #[test]
    fn the_last_word_counts_and_changes_lead_to_the_wanted_state() {
        let all: Vec<Permissions> = (0..8u8)
            .map(|bits| Permissions {
                alerts_email: bits & 1 > 0,
                admin_outreach: bits & 2 > 0,
                anonymous_counts: bits & 4 > 0,
            })
            .collect();
        for from in &all {
            for to in &all {
                let events = Permissions::default().changes_to(*from).into_iter().chain(from.changes_to(*to));
                assert_eq!(fold(events), *to, "{from:?} to {to:?}");
            }
        }
        assert!(all.iter().all(|s| s.changes_to(*s).is_empty()));
    }
}
