//! Full view models of reports, and of what companies see.

use super::samples::{choices, errors, facts, link, private_facts, s, some, tag};
use crate::{
    Private,
    pages::{AdminDispute, AsCompaniesSeeMe, Dispute, DisputeEntry, DisputeLine, Disputes, Report, ShownTo},
    view::HiddenField,
};

pub(super) fn report() -> Report {
    Report {
        about: s("Central Valley, “QME evaluations”"),
        back: link(),
        action: s("/disputes/new"),
        hidden: vec![HiddenField { name: s("introduction_id"), value: Private::from("1") }],
        kinds: choices(),
        kind: s("any"),
        text: Private::from("\nThey <rang> twice."),
        told: true,
        errors: errors("kind"),
    }
}

pub(super) fn line() -> DisputeLine {
    DisputeLine {
        href: s("/disputes/1"),
        about: s("Central Valley, “QME evaluations”"),
        kind: s("How somebody behaved"),
        by: s("You"),
        state: tag(),
        since: s("21 Nov 2026"),
    }
}

pub(super) fn disputes(of_company: bool) -> Disputes {
    Disputes { of_company, rows: vec![line()], next_href: some("/disputes?cursor=x") }
}

pub(super) fn dispute() -> Dispute {
    Dispute {
        about: s("Central Valley"),
        back: link(),
        state: tag(),
        facts: facts(),
        text: Some(Private::from("They <rang> twice.")),
        outcome: some("Nothing was changed"),
        words: s("Both <sides> were heard."),
        answer_action: some("/disputes/1/answer"),
        answer: Private::from("\nWe did not."),
        errors: errors("text"),
    }
}

pub(super) fn admin_dispute(decided: bool) -> AdminDispute {
    AdminDispute {
        id: s("1"),
        kind: s("How somebody behaved"),
        state: tag(),
        company: link(),
        member: link(),
        opening: Some(link()),
        facts: facts(),
        by: s("The physician"),
        report: Private::from("They <rang> twice."),
        other: s("The company"),
        answer: Some(Private::from("We did not.")),
        awaits_answer: true,
        ledger: vec![DisputeEntry {
            at: s("21 Nov 2026, 10:00 UTC"),
            at_iso: s("2026-11-21T10:00:00Z"),
            kind: s("Contact opened"),
            who: s("Seat 3f2c1a64"),
            fields: s("Name, E-mail"),
        }],
        outcome: decided.then(|| s("Nothing was changed")),
        words: s("Both <sides> were heard."),
        can_suspend: true,
        can_ban: true,
        can_end: true,
        errors: if decided { Vec::new() } else { errors("words") },
    }
}

pub(super) fn as_companies_see_me() -> AsCompaniesSeeMe {
    AsCompaniesSeeMe {
        shown: vec![ShownTo {
            id: s("1"),
            company: s("Central Valley"),
            opening: link(),
            ends: s("14 Dec 2026"),
            stage: s("New"),
            fields: private_facts(),
        }],
    }
}
