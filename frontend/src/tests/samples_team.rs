//! Full view models of the pages of a company's team and profile, and of what admins look things up in.

use super::samples::{choices, errors, facts, s, some, tag};
use crate::{
    Private,
    pages::{
        AdminAudit, AdminFactTable, AdminFacts, AuditLine, CompanyProfile, CompanyTeam, CompanyTeamEnd, FactRow,
        FactTable, TeamMember,
    },
};

fn person(own: bool) -> TeamMember {
    TeamMember {
        name: Private::from("Sam <Second>"),
        role: s("Recruiter"),
        when: s("3 November 2026"),
        own,
        end_href: (!own).then(|| s("/company/team/1/end")),
    }
}

pub(super) fn company_team(open: bool) -> CompanyTeam {
    CompanyTeam {
        company: s("Central Valley"),
        people: vec![person(true), person(false)],
        invited: vec![person(false)],
        can_manage: true,
        shut: (!open).then(|| s("People can be invited while the company is approved.")),
        name: Private::from("Sam"),
        email: Private::from("sam@example.org"),
        role_options: choices(),
        role: s("a"),
        errors: if open { ["name", "email", "role"].into_iter().flat_map(errors).collect() } else { Vec::new() },
    }
}

pub(super) fn company_team_end(invited: bool) -> CompanyTeamEnd {
    CompanyTeamEnd { id: s("1"), name: Private::from("Sam <Second>"), invited }
}

pub(super) fn company_profile() -> CompanyProfile {
    CompanyProfile {
        name: s("Central Valley"),
        website: s("https://central.example"),
        about: s("We pay <promptly>."),
        public_href: some("/companies/central-valley"),
        errors: ["name", "website", "about"].into_iter().flat_map(errors).collect(),
    }
}

pub(super) fn admin_audit() -> AdminAudit {
    let line = |href| AuditLine {
        at: s("3 November 2026, 10:00 UTC"),
        at_iso: s("2026-11-03T10:00:00Z"),
        role: s("Admin"),
        action: s("opening.approve"),
        object: s("opening"),
        id: s("0f9a1b2c"),
        href,
        detail: some("Looks <fine>."),
    };
    AdminAudit {
        ledger: tag(),
        role: s("a"),
        role_options: choices(),
        action: s("opening."),
        id: s("0f9a"),
        rows: vec![line(some("/admin/openings/1")), AuditLine { detail: None, ..line(None) }],
        download_href: s("/admin/audit.csv"),
        next_href: some("/admin/audit?cursor=4"),
    }
}

pub(super) fn admin_facts() -> AdminFacts {
    let table = FactTable { href: s("/admin/facts/qme_rules"), label: s("QME rules"), rows: 46, unconfirmed: 3 };
    AdminFacts { tables: vec![table] }
}

pub(super) fn admin_fact_table() -> AdminFactTable {
    AdminFactTable {
        label: s("QME rules"),
        rows: vec![FactRow { key: s("exam"), state: tag(), cells: facts() }],
        next_href: some("/admin/facts/qme_rules?cursor=49"),
    }
}
