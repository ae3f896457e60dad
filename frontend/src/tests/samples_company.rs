//! Full view models of the pages of companies and admins.

use super::samples::{checks, choices, errors, facts, link, marked, private_facts, record, s, some, tag, ticks};
use crate::{
    pages::{
        AdminCompanies, AdminCompany, AdminContact, AdminContactSeen, AdminHome, AdminMatchRow, AdminMatches,
        AdminMember, AdminMembers, AdminOpening, AdminQueue, AdminRow, CompanyHome, CompanyOpening, CompanyOpeningLine,
        Contact, ContactLine, ContactOver, Contacts, DiffRow, MAX_OPENING_MARKETS, MAX_OPENING_SPECIALTIES, MatchGroup,
        NewInvitation, OpeningForm, QueueItem, QueueTab, QueueTile, Todo, WaitingIntroduction,
    },
    view::{Check, Slot},
};

pub(super) fn company_home() -> CompanyHome {
    let todo = |action: Option<String>, href| Todo {
        title: s("Is it still open?"),
        text: s("Last confirmed on 13 November."),
        button: s("Still open"),
        action,
        href,
    };
    CompanyHome {
        name: s("Central Valley"),
        status: tag(),
        status_note: some("Something is missing."),
        can_post: true,
        todo: vec![todo(some("/x"), None), todo(None, some("/x"))],
        band_note: some("The community is too small."),
        openings: vec![CompanyOpeningLine {
            href: s("/company/openings/1"),
            title: s("QME evaluations"),
            state: tag(),
            dates: s("Posted 3 Nov"),
            band: s("26-50"),
            edit_href: some("/company/openings/1/edit"),
            confirm_action: some("/company/openings/1/confirm-open"),
            submit_action: some("/company/openings/1/submit"),
        }],
        introductions: vec![WaitingIntroduction {
            href: s("/company/contacts/1"),
            opening: s("QME evaluations"),
            ends: s("14 Dec"),
        }],
    }
}

pub(super) fn opening_form() -> OpeningForm {
    OpeningForm {
        action: s("/company/openings/1/edit"),
        heading: s("Change the opening"),
        back_href: s("/company/openings/1"),
        live: true,
        kind: s("any"),
        kind_options: choices(),
        title: s("QME \"evaluations\""),
        description: s("\nExamine.\n\nWrite."),
        specialties: Slot::fill(["any"], MAX_OPENING_SPECIALTIES),
        specialty_options: choices(),
        any_specialty: true,
        markets: Slot::fill(["fresno-ca"], MAX_OPENING_MARKETS),
        market_options: choices(),
        remote: true,
        licence_mode: s("any"),
        licence_mode_options: choices(),
        licence_states: s("CA"),
        certification_required: s("any"),
        certification_options: choices(),
        takes_candidates: true,
        sponsors: true,
        comp_related: true,
        pay_basis: s("any"),
        pay_basis_options: choices(),
        pay_min: s("1200"),
        pay_max: s("1500"),
        share_percent: s("60"),
        extra_page: s("1.80"),
        included_pages: s("200"),
        volume: s("2–4 a month"),
        seats: s("2"),
        board_certified: true,
        min_years: s("3"),
        languages: s("Spanish"),
        provider_classes: ticks(),
        closes_on: s("2026-12-14"),
        public_listing: true,
        band: s("26-50"),
        band_note: s("Orthopaedics, California, QME evaluations."),
        rule_notes: vec![s("In California only a QME can do it.")],
        errors: errors("market_1"),
    }
}

pub(super) fn company_opening() -> CompanyOpening {
    CompanyOpening {
        id: s("1"),
        title: s("QME evaluations"),
        state: tag(),
        reason: some("Say what it pays."),
        band: s("26-50"),
        band_note: s("Orthopaedics, California, QME evaluations."),
        asks: vec![
            crate::view::Fact::new("Specialty", "They practise Orthopaedic surgery."),
            crate::view::Fact::new("Place", "They travel to Bakersfield, CA."),
        ],
        facts: facts(),
        description: marked(),
        history: record(),
        public_href: some("/openings/1"),
        can_edit: true,
        can_submit: true,
        can_confirm: true,
        can_close: true,
        can_clone: true,
    }
}

pub(super) fn contacts() -> Contacts {
    let line = |href| ContactLine {
        href,
        opening: s("QME evaluations"),
        opening_href: s("/company/openings/1"),
        state: tag(),
        stage: s("New"),
        since: s("21 Nov"),
        ends: s("14 Dec"),
        messages_href: s("/company/contacts/1/messages"),
        news: 2,
    };
    Contacts {
        rows: vec![line(some("/company/contacts/1")), line(None)],
        next_href: some("/company/contacts?cursor=x"),
    }
}

pub(super) fn contact() -> Contact {
    Contact {
        id: s("1"),
        opening: s("QME evaluations"),
        opening_href: s("/company/openings/1"),
        fields: private_facts(),
        ends: s("14 Dec 2026"),
        stage: s("any"),
        stage_options: choices(),
    }
}

pub(super) fn contact_over() -> ContactOver {
    ContactOver {
        opening: s("QME evaluations"),
        reason: s("It is over."),
        messages_href: some("/company/contacts/1/messages"),
        report_href: some("/company/contacts/1/report"),
    }
}

pub(super) fn admin_home() -> AdminHome {
    AdminHome {
        health: s("Search index current as of 09:58."),
        queue: vec![QueueTile {
            href: s("/admin/queue"),
            count: 4,
            label: s("openings to review"),
            oldest: some("3 hours"),
        }],
        mail: facts(),
        mail_problem: some("Mail is held."),
        numbers: facts(),
    }
}

pub(super) fn admin_queue() -> AdminQueue {
    AdminQueue {
        tabs: vec![QueueTab { href: s("/admin/queue"), label: s("All (4)"), current: true }],
        items: vec![QueueItem {
            kind: s("opening"),
            kind_label: s("Opening"),
            title: s("Chart review"),
            href: s("/admin/openings/1"),
            waiting: s("3 hours"),
            note: Some(tag()),
        }],
    }
}

pub(super) fn admin_opening(first_time: bool) -> AdminOpening {
    AdminOpening {
        id: s("1"),
        title: s("Chart review"),
        state: tag(),
        company: link(),
        company_note: s("3 openings approved, none rejected."),
        facts: facts(),
        description: marked(),
        rules: checks(),
        diff: vec![DiffRow { field: s("Pay"), before: s("$1"), after: s("$2") }],
        first_time,
        duplicates: vec![link()],
        would_match: "41".to_owned(),
        nearly: vec![crate::view::Fact::new("Certification", "6"), crate::view::Fact::new("Licence", "2")],
        outreach_href: some("/admin/openings/1/outreach"),
        can_decide: true,
        spotted: s("an e-mail address"),
        accepts: true,
        although: s("Its <own> office"),
        reason: s("Pay"),
        errors: errors("reason"),
    }
}

pub(super) fn admin_member() -> AdminMember {
    AdminMember {
        id: s("1"),
        label: s("Member 3f2a"),
        status: tag(),
        joined: s("Joined 21 Nov 2026"),
        npi: Check::default(),
        facts: facts(),
        contact_href: some("/admin/members/1/contact"),
        contact_note: s("The member has not allowed it."),
        can_approve: true,
        can_reject: true,
        can_suspend: true,
        reason: s(""),
        errors: errors("reason"),
    }
}

pub(super) fn admin_contact() -> AdminContact {
    AdminContact {
        id: s("1"),
        label: s("Member 3f2a"),
        allowed: true,
        reason: s("As <typed>"),
        errors: errors("reason"),
    }
}

pub(super) fn admin_contact_seen() -> AdminContactSeen {
    AdminContactSeen { id: s("1"), label: s("Member 3f2a"), fields: private_facts() }
}

pub(super) fn admin_company() -> AdminCompany {
    AdminCompany {
        id: s("1"),
        name: s("Central Valley"),
        status: tag(),
        website: some("javascript:alert(1)"),
        about: marked(),
        facts: facts(),
        openings: vec![link()],
        reach_locked: some("2 March 2026"),
        can_approve: true,
        can_suspend: true,
        can_ban: true,
        spotted: s("a web address"),
        accepts: true,
        although: s("Its own <site>"),
        reason: s(""),
        errors: errors("reason"),
    }
}

fn rows() -> Vec<AdminRow> {
    vec![AdminRow {
        href: s("/admin/members/1"),
        label: s("Member 3f2a"),
        status: tag(),
        facts: s("Orthopaedics, CA"),
        since: s("21 Nov"),
    }]
}

pub(super) fn admin_members() -> AdminMembers {
    AdminMembers {
        q: s("spine"),
        status: s("any"),
        status_options: choices(),
        rows: rows(),
        next_href: some("/admin/members?cursor=x"),
        invitation: Some(NewInvitation { code: "7KQM".into(), until: s("23 Dec 2026") }),
    }
}

pub(super) fn admin_companies() -> AdminCompanies {
    AdminCompanies {
        q: s("valley"),
        status: s("any"),
        status_options: choices(),
        rows: rows(),
        next_href: some("/admin/companies?cursor=x"),
    }
}

pub(super) fn admin_matches() -> AdminMatches {
    let row = |id: &str, held| AdminMatchRow {
        id: s(id),
        member: s("Member 3f2a"),
        member_href: s("/admin/members/1"),
        state: tag(),
        held,
        reasons: vec![s("Main specialty"), s("12 miles")],
    };
    AdminMatches {
        groups: vec![MatchGroup {
            opening_id: s("1"),
            title: s("QME evaluations"),
            href: s("/admin/openings/1"),
            company: s("Central Valley"),
            rows: vec![row("1", true), row("2", false)],
        }],
    }
}
