//! Full view models of the members' pages.

use super::samples::{
    checks, choices, errors, facts, link, opening_row, paragraphs, private_facts, record, s, some, tag, ticks,
};
use crate::{
    Private,
    pages::{
        Account, AlertLine, AlertPreview, Alerts, BaseLine, BlockLine, CertificationLine, ConfirmYou, Consent,
        ConsentField, ConsentReview, ContactEdit, DeleteAccount, IntroductionLine, Ledger, LedgerRow, LicenceLine,
        MAX_MORE_MARKETS, MORE_ALERT_MARKETS, MailTimes, MatchRow, Matches, MinPayLine, Permissions, PreviewCard,
        Profile, ProfileEdit, ProfileSection, RecoveryCodes, Revoke, SecondStep, SessionLine, Setup, SpecialtyLine,
        WhyPage,
    },
    view::{Check, Fact, Slot},
};

pub(super) fn matches(tab: &str) -> Matches {
    let row = MatchRow {
        opening: opening_row(),
        reasons: checks(),
        missing: some("The appointment."),
        answer: some("You said no on 3 Nov."),
        share_href: some("/consent/1"),
        decline_action: some("/matches/1/decline"),
    };
    Matches {
        tab: s(tab),
        new_count: 3,
        answered_count: 1,
        rows: vec![row.clone(), row],
        widen: vec![link()],
        paused: true,
        pending: true,
        alerts_on: true,
        next_href: some("/matches?cursor=x"),
    }
}

pub(super) fn profile() -> Profile {
    let section = ProfileSection { heading: s("Licences"), change_href: s("/profile/edit#licences"), rows: facts() };
    Profile {
        status: tag(),
        warnings: vec![s("Your California licence ends on 31 May.")],
        todo: vec![link()],
        sections: vec![section],
        contact: private_facts(),
    }
}

pub(super) fn profile_edit() -> ProfileEdit {
    ProfileEdit {
        provider_class: s("any"),
        provider_class_options: choices(),
        specialties: vec![SpecialtyLine { n: 1, specialty: s("any"), board: true }],
        specialty_options: choices(),
        licences: vec![LicenceLine { n: 1, state: s("reno-nv"), kind: s("any"), expires: s("2028-05-31") }],
        state_options: choices(),
        licence_kind_options: choices(),
        certifications: vec![CertificationLine { n: 1, key: s("any"), status: s("any"), expires: s("") }],
        certification_options: choices(),
        certification_status_options: choices(),
        interests: ticks(),
        bases: vec![BaseLine { n: 1, market: s("fresno-ca"), radius: s("120") }],
        market_options: choices(),
        popular_markets: ticks(),
        more_markets: Slot::fill(["fresno-ca"], MAX_MORE_MARKETS),
        remote: true,
        min_pay: vec![MinPayLine { kind: s("qme"), label: s("QME"), amount: s("1200"), basis: s("any") }],
        pay_basis_options: choices(),
        languages: s("English, Spanish"),
        years: s("12"),
        provider_note: s("None"),
        errors: errors("licence_expires_1"),
    }
}

pub(super) fn contact_edit() -> ContactEdit {
    ContactEdit {
        name: Private::from("Ana Rivera, MD"),
        email: Private::from("ana@example.org"),
        waiting: Some(Private::from("ana.rivera@example.org")),
        phone: Private::from("213 555 0142"),
        npi: Private::from("1234567893"),
        cv: Private::from("https://example.org/cv.pdf"),
        licences: Private::from("CA A12345\nTX M1234"),
        errors: errors("npi"),
    }
}

pub(super) fn alerts() -> Alerts {
    let line = |id: &str, paused| AlertLine {
        id: s(id),
        name: s("Orthopaedics"),
        criteria: s("QME in Bakersfield"),
        cadence: s("any"),
        rhythm: s("Once a day, at 07:00"),
        paused,
        paused_until: s("until 24 December 2026"),
        last_sent: some("Last sent on 21 Nov"),
    };
    Alerts {
        alerts_email: true,
        held: some("You are on vacation."),
        suppressed: true,
        unconfirmed: true,
        next: some("The next digest is due on Monday."),
        editing: None,
        list: vec![line("1", true), line("2", false)],
        name: s("New"),
        cadence: s("any"),
        cadence_options: choices(),
        weekday: s("any"),
        weekday_options: choices(),
        time: s("07:00"),
        pause_until: s("2026-12-24"),
        pause_options: choices(),
        kinds: ticks(),
        specialties: ticks(),
        specialties_named: s("Neurology"),
        specialties_open: true,
        markets: ticks(),
        more_markets: Slot::fill(["any"], MORE_ALERT_MARKETS),
        market_options: choices(),
        states: ticks(),
        states_named: s("Nevada"),
        states_open: false,
        remote_too: s("any"),
        remote_options: choices(),
        min_pay: s("1200"),
        words: s("spine OR neck"),
        errors: errors("kind"),
    }
}

pub(super) fn mail_times() -> MailTimes {
    MailTimes {
        time_zone: s("any"),
        zone_options: choices(),
        local_now: s("It is Monday 10:00 there now"),
        quiet: s("any"),
        quiet_options: choices(),
        quiet_from: s("21:00"),
        quiet_to: s("07:00"),
        daily_cap: s("3"),
        vacation_until: s("2026-12-24"),
        companies: choices(),
        muted_markets: choices(),
        market_options: choices(),
        errors: errors("daily_cap"),
    }
}

pub(super) fn alert_preview() -> AlertPreview {
    AlertPreview {
        due: s("Due on Monday."),
        shown: vec![PreviewCard {
            href: s("/openings/1"),
            title: s("QME evaluations <spine>"),
            line: s("O'Neil & Sons, QME, Bakersfield, CA, $1,200"),
            changed: s("Pay is $1,500 now."),
            alerts: s("“Orthopaedics”"),
            why_href: s("/openings/1/why"),
        }],
        others: vec![Fact::new("Another", "You muted the company.")],
        on_the_way: vec![link()],
    }
}

pub(super) fn why(admin: bool) -> WhyPage {
    WhyPage {
        title: s("QME evaluations"),
        href: s("/openings/1"),
        answer: some("You were told on 23 November 2026 at 07:12."),
        fits: Some(tag()),
        checks: vec![Check { title: s("Place"), text: s("It is 113 miles away."), ..Check::default() }],
        alerts: s("“Orthopaedics”"),
        cards: record(),
        ask_action: admin.then(|| s("/admin/openings/1/why")),
        member: s("1"),
        errors: if admin { errors("member") } else { Vec::new() },
    }
}

/// The form of one of them.
pub(super) fn alert() -> Alerts {
    Alerts { editing: some("1"), list: Vec::new(), ..alerts() }
}

pub(super) fn permissions() -> Permissions {
    Permissions {
        sharing: 1,
        alerts_summary: s("Weekly"),
        alerts_note: s("next on Monday"),
        alerts_email: true,
        admin_outreach: true,
        anonymous_counts: true,
        last_changed: some("Last changed 3 Nov 2026, by you"),
        introductions: vec![IntroductionLine {
            id: s("1"),
            company: s("Central Valley"),
            opening: s("QME evaluations"),
            opening_href: s("/openings/1"),
            fields: s("Name, e-mail"),
            since: s("21 Nov 2026"),
            ends: s("14 Dec 2026"),
            news: 1,
        }],
        earlier: vec![link()],
        ledger: record(),
        ledger_total: 14,
        reports: vec![super::samples_disputes::line()],
        paused: true,
    }
}

fn consent_field() -> ConsentField {
    ConsentField { key: s("email"), label: s("E-mail"), value: Private::from("ana@example.org"), checked: true }
}

pub(super) fn consent() -> Consent {
    Consent {
        opening_id: s("1"),
        opening_revision: 2,
        title: s("QME evaluations"),
        opening_href: s("/openings/1"),
        company: s("Central Valley"),
        seats: vec![s("J. Ortiz"), s("K. Lee")],
        fields: vec![consent_field(), ConsentField::default()],
        expires_at: s("any"),
        expires_options: choices(),
        sign_in_href: some("/account/confirm?next=/consent/1"),
        errors: errors("field"),
    }
}

pub(super) fn consent_review() -> ConsentReview {
    ConsentReview {
        opening_id: s("1"),
        opening_revision: 2,
        title: s("QME evaluations"),
        company: s("Central Valley"),
        seats: vec![s("J. Ortiz")],
        fields: vec![consent_field()],
        expires_at: s("2026-12-14"),
        ends: s("14 Dec 2026"),
        statement: paragraphs(),
        text_version: s("1"),
    }
}

pub(super) fn revoke() -> Revoke {
    Revoke {
        id: s("1"),
        company: s("Central Valley"),
        title: s("QME evaluations"),
        fields: s("name, e-mail"),
        seen: true,
    }
}

pub(super) fn ledger() -> Ledger {
    let rows = record().into_iter().map(|line| LedgerRow {
        kind: line.kind,
        kind_label: s("Looked at"),
        at: line.at,
        at_iso: line.at_iso,
        who: s("J. Ortiz, Central Valley"),
        opening: Some(link()),
        fields: s("name"),
        receipt_href: some("/api/v1/me/introductions/1/receipt"),
        report_href: some("/disputes/new?introduction=1"),
    });
    Ledger {
        rows: rows.collect(),
        total: 14,
        check: Some(tag()),
        proof_href: some("/api/v1/me/ledger/export?format=json"),
        download_href: some("/ledger.csv"),
        signed: vec![Fact::new("Signed root", "ab".repeat(32))],
        next_href: some("/ledger?cursor=x"),
    }
}

pub(super) fn account() -> Account {
    Account {
        is_member: true,
        paused: true,
        second_step: true,
        codes_left: 9,
        contacts: some("You may look at them."),
        sessions: vec![SessionLine {
            id: s("1"),
            label: s("Firefox on Windows"),
            since: s("3 Nov"),
            last_seen: s("today"),
            current: true,
        }],
        blocks: vec![BlockLine { slug: s("harbor"), name: s("Harbor") }],
        export_href: some("/account/export"),
        delete_href: some("/account/delete"),
    }
}

pub(super) fn second_step(on: bool) -> SecondStep {
    SecondStep {
        required: !on,
        since: on.then(|| s("3 Nov")),
        codes_left: 1,
        can_switch_off: on,
        setup: Some(Setup {
            uri: Private::from("otpauth://totp/Rosterline:board.example%20%28admin%29?secret=GEZDGNBVGY3TQOJQ&x=\"1\""),
            secret: Private::from("GEZD GNBV GY3T QOJQ"),
        }),
        next: s("/company?a=\"b\""),
        errors: errors("totp"),
    }
}

pub(super) fn recovery_codes() -> RecoveryCodes {
    RecoveryCodes { codes: vec![Private::from("ABCDE-FGH23"); 10], next_href: s("/account") }
}

pub(super) fn confirm_you() -> ConfirmYou {
    ConfirmYou { has_app: true, next: s("/admin"), errors: errors("totp") }
}

pub(super) fn delete_account() -> DeleteAccount {
    DeleteAccount { sharing: 2, errors: errors("confirm") }
}
