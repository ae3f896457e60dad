//! Full view models of the pages that anyone can see, and the pieces that others use.

use crate::{
    Private,
    pages::{
        Accessibility, CaughtMail, CompanyPublic, Display, ErrorPage, ForCompanies, Home, HowItWorks, Join, JoinSent,
        MailButton, MailStop, MailStopped, Mailbox, MailboxMail, MarketBar, Message, NewAddress, OpeningAction,
        OpeningPage, Openings, Privacy, SendAgain, SignIn, SignInConfirm, SignInSent, SortLink,
    },
    view::{
        Check, CheckState, Choice, FacetOption, Fact, FieldError, HiddenField, Link, OpeningRow, Piece, PrivateFact,
        RecordLine, Tag, Tick,
    },
};

pub(super) fn s(text: &str) -> String {
    text.to_owned()
}

pub(super) fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(super) fn errors(field: &str) -> Vec<FieldError> {
    vec![FieldError::new(field, "Say it in another way")]
}

pub(super) fn link() -> Link {
    Link::new("/somewhere", "Somewhere <else>")
}

pub(super) fn tag() -> Tag {
    Tag::new("ok", "Open")
}

pub(super) fn facts() -> Vec<Fact> {
    let pay = Fact { note: some("per evaluation"), ..Fact::new("Pay", "$1,200–1,500") };
    vec![pay, Fact::new("Where", "Bakersfield")]
}

pub(super) fn checks() -> Vec<Check> {
    [CheckState::Yes, CheckState::Near, CheckState::No, CheckState::Unknown]
        .into_iter()
        .map(|state| Check { state, title: s("California licence"), text: s("Until 2028") })
        .collect()
}

pub(super) fn choices() -> Vec<Choice> {
    vec![
        Choice::new("fresno-ca", "Fresno").in_group("California"),
        Choice::new("reno-nv", "Reno").in_group("Nevada"),
        Choice { hint: some("Always"), ..Choice::new("any", "Any") },
    ]
}

pub(super) fn ticks() -> Vec<Tick> {
    let qme = Tick { value: s("qme"), label: s("QME"), hint: some("State panel"), checked: true };
    vec![qme, Tick { value: s("ime"), label: s("IME"), ..Tick::default() }]
}

/// What a company wrote, with every mark there is.
pub(super) fn marked() -> String {
    s(
        "Two *days* a **month**,\nnear the court.\n\n## What is paid\n\n- travel\n- records, see [the fees](https://fees.example)\n\n1. one\n",
    )
}

pub(super) fn paragraphs() -> Vec<String> {
    vec![s("First & foremost."), s("Second.")]
}

pub(super) fn record() -> Vec<RecordLine> {
    ["introduction", "view", "revocation", "void", "expiry", "admin_look"]
        .map(|kind| RecordLine {
            kind: s(kind),
            text: s("Somebody did something"),
            at: s("21 Nov 2026, 8:02 pm"),
            at_iso: s("2026-11-21T20:02:00Z"),
        })
        .to_vec()
}

pub(super) fn private_facts() -> Vec<PrivateFact> {
    let mail = PrivateFact {
        label: s("E-mail"),
        value: Private::from("ana@example.org"),
        href: Some(Private::from("mailto:ana@example.org")),
    };
    vec![mail, PrivateFact { label: s("Phone"), ..PrivateFact::default() }]
}

pub(super) fn opening_row() -> OpeningRow {
    OpeningRow {
        href: s("/openings/1"),
        title: s("QME evaluations, <b>orthopaedics</b>"),
        company: s("Central Valley Evaluations"),
        verified: true,
        kind: s("qme"),
        kind_label: s("QME evaluation"),
        pay: s("$1,200–1,500"),
        pay_unit: s("per evaluation"),
        pay_note: some("about 60% of the state fee"),
        needs: some("QME, or on the way"),
        fit: Some(Tag::new("warn", "Fits once appointed")),
        place: s("Bakersfield, CA"),
        confirmed: s("Confirmed open 2 days ago"),
        closes: some("closes 14 Dec"),
        snippet: vec![
            Piece { text: s("Two <i>days</i> a month, "), mark: false },
            Piece { text: s("spine"), mark: true },
        ],
    }
}

pub(super) fn home() -> Home {
    Home { openings: vec![opening_row()], open_count: Some(53), market_count: Some(1) }
}

pub(super) fn how_it_works() -> HowItWorks {
    HowItWorks {}
}

pub(super) fn privacy() -> Privacy {
    Privacy { postal_address: some("Example Org, 1 Main St, Springfield CA 90000") }
}

pub(super) fn accessibility() -> Accessibility {
    Accessibility {}
}

pub(super) fn display() -> Display {
    Display { theme: s("dark"), back: s("/openings?q=a&kind=qme") }
}

pub(super) fn openings() -> Openings {
    let facet =
        FacetOption { value: s("qme"), label: s("QME evaluation"), count: 1, checked: true, href: s("/openings") };
    let facets = vec![facet, FacetOption { count: 7, ..FacetOption::default() }];
    Openings {
        lede: s("48 openings in California."),
        total: 53,
        q: s("spine \"x\""),
        kinds: facets.clone(),
        specialties: facets.clone(),
        markets: facets.clone(),
        states: facets,
        remote: true,
        remote_count: 17,
        min_pay: s("1200"),
        takes_candidates: true,
        candidates_count: 3,
        near: s("bakersfield"),
        nears: vec![Choice::new("bakersfield", "Bakersfield, CA")],
        hints: vec![s("Allergy & Immunology")],
        corrected: some("spine"),
        meant: vec![Link::new("/openings?q=a", "Spine: 2 openings")],
        sort: s("best"),
        sorts: vec![SortLink { href: s("/openings"), label: s("Best fit"), current: true }],
        chips: vec![link()],
        clear_href: s("/openings"),
        bars: vec![MarketBar { href: s("/openings"), label: s("Fresno"), count: 3, percent: 50 }],
        rows: vec![opening_row(), opening_row()],
        drops: vec![link()],
        first_href: some("/openings"),
        next_href: some("/openings?cursor=x"),
        alert_href: some("/alerts?kind=qme"),
        note: some("Text search is not available right now."),
        errors: errors("min_pay"),
    }
}

pub(super) fn opening(action: OpeningAction) -> OpeningPage {
    OpeningPage {
        id: s("1"),
        title: s("QME evaluations, orthopaedics"),
        kind: s("qme"),
        kind_label: s("QME"),
        company: s("Central Valley Evaluations"),
        company_href: s("/companies/central-valley"),
        company_verified: true,
        place: s("Bakersfield, CA"),
        confirmed: s("Confirmed open 2 days ago"),
        closes: some("Closes 14 December 2026"),
        fit: Some(tag()),
        facts: facts(),
        description: marked(),
        checks: checks(),
        asks: checks(),
        action,
        decline_action: some("/matches/1/decline"),
        why_href: some("/openings/1/why"),
        report_href: some("/disputes/new?opening=1"),
        back_href: s("/openings?q=a"),
        back_label: s("Back to 53 openings"),
        similar: vec![opening_row()],
    }
}

pub(super) fn opening_actions() -> Vec<OpeningAction> {
    let (text, href) = (s("Because."), s("/consent/1"));
    vec![
        OpeningAction::Nothing,
        OpeningAction::Visitor { join_href: s("/join"), sign_in_href: s("/sign-in") },
        OpeningAction::CanShare { href: href.clone() },
        OpeningAction::Shared { text: text.clone() },
        OpeningAction::NotEligible { rule: text.clone() },
        OpeningAction::Own { href },
        OpeningAction::Closed { text: text.clone() },
        OpeningAction::Waiting { text: text.clone(), link: Some(link()) },
        OpeningAction::Waiting { text, link: None },
    ]
}

pub(super) fn company_public() -> CompanyPublic {
    CompanyPublic {
        name: s("Central Valley Evaluations"),
        website: some("https://cve.example"),
        about: marked(),
        verified: some("Verified by an admin on 3 Nov 2026"),
        facts: facts(),
        openings: vec![opening_row()],
        report_href: some("/disputes/new?company=central-valley"),
        block_action: some("/companies/central-valley/block"),
        blocked: true,
        mute: some("cve"),
        muted: true,
    }
}

pub(super) fn join() -> Join {
    Join {
        name: Private::from("Ana Rivera, MD"),
        email: Private::from("ana@example.org"),
        npi: Private::from("1234567893"),
        invite_code: Private::from("abc"),
        errors: errors("email"),
    }
}

pub(super) fn join_sent() -> JoinSent {
    JoinSent { heading: s("Waiting for approval"), paragraphs: paragraphs() }
}

pub(super) fn for_companies() -> ForCompanies {
    ForCompanies {
        name: s("Central Valley"),
        website: s("https://cve.example"),
        owner_name: Private::from("J. Ortiz"),
        owner_email: Private::from("j@cve.example"),
        about: s("We\nevaluate."),
        errors: errors("owner_email"),
    }
}

pub(super) fn sign_in() -> SignIn {
    SignIn { email: Private::from("a@b"), next: s("/matches"), errors: errors("email") }
}

pub(super) fn sign_in_sent() -> SignInSent {
    SignInSent { minutes: 15, mailbox_href: some("/dev/mailbox") }
}

pub(super) fn sign_in_confirm() -> SignInConfirm {
    SignInConfirm {
        action: Private::from("/sign-in/abc"),
        needs_totp: true,
        next: s("/matches"),
        errors: errors("totp"),
    }
}

pub(super) fn message() -> Message {
    Message { heading: s("Done"), paragraphs: paragraphs(), links: vec![link()] }
}

pub(super) fn error() -> ErrorPage {
    ErrorPage {
        status: 404,
        heading: s("Not found"),
        what: s("There is no such page."),
        todo: s("Go back."),
        request_id: s("0192"),
        first: Some(link()),
        again: Some(SendAgain {
            action: Private::from("/join?from=\"mail\""),
            fields: vec![HiddenField { name: s("name"), value: Private::from("Ana \"Rivera\"\nMD") }],
        }),
    }
}

pub(super) fn new_address() -> NewAddress {
    NewAddress { action: Private::from("/mail/new-address/abc") }
}

pub(super) fn mail_stop() -> MailStop {
    MailStop {
        action: Private::from("/mail/stop/abc"),
        alert_names: s("“Orthopaedics”"),
        options: choices(),
        chosen: s("any"),
        companies: choices(),
        company: s("any"),
    }
}

pub(super) fn mail_stopped() -> MailStopped {
    MailStopped {
        heading: s("Stopped"),
        text: s("All alert mail is stopped."),
        undo_action: Some(Private::from("/mail/stop/abc")),
        back_href: Private::from("/mail/stop/abc"),
    }
}

pub(super) fn mail_button() -> MailButton {
    MailButton {
        heading: s("Confirm your e-mail address"),
        text: s("Alerts begin once you do."),
        button: s("Confirm"),
        action: Private::from("/mail/confirm/abc"),
    }
}

pub(super) fn mailbox() -> Mailbox {
    let mail = CaughtMail {
        href: s("/dev/mailbox/1"),
        to: Private::from("ana@example.org"),
        subject: s("Your sign-in link"),
        at: s("9:14 am"),
    };
    Mailbox { mails: vec![mail] }
}

pub(super) fn mailbox_mail() -> MailboxMail {
    MailboxMail {
        subject: s("Your sign-in link"),
        headers: private_facts(),
        text: Private::from("Open the link"),
        links: private_facts(),
        html_source: Private::from("<h1>Hello</h1>"),
    }
}
