//! Every mail: three parts, complete in text, light in HTML.

use std::collections::{BTreeMap, BTreeSet};

use super::html;
use crate::{
    Mail, RenderedMail, Renderer,
    mail::{
        AlertCard, AlertMail, CompanyApprovedMail, ConfirmAddressMail, ContactLookedMail, DisputeDecidedMail,
        DisputeOpenedMail, EmailChangedMail, IntroductionEndedMail, IntroductionReceivedMail, MemberApprovedMail,
        NewAddressMail, NewMessageMail, OpeningReviewedMail, Outcome, OutreachMail, SeatInvitedMail, SecondFactorMail,
        SharingEndedMail, SignInMail, StillWantedMail,
    },
};

fn s(text: &str) -> String {
    text.to_owned()
}

fn render<M: Mail>(mail: &M) -> (&'static str, RenderedMail) {
    let renderer = Renderer::new().unwrap();
    let rendered = renderer.mail(mail).unwrap_or_else(|error| {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        panic!("{}: {error}: {source:?}", M::NAME)
    });
    (M::NAME, rendered)
}

fn card() -> AlertCard {
    AlertCard {
        title: s("QME evaluations <spine>"),
        company: s("O'Neil & Sons"),
        kind: s("QME"),
        place: s("Bakersfield, CA"),
        pay: s("$1,200–1,500 per evaluation"),
        closes: s("closes 14 December 2026"),
        changed: Vec::new(),
        alerts: Vec::new(),
        why: vec![s("your main specialty"), s("113 miles")],
        link: s("https://board.example/openings/1"),
    }
}

fn alert(cards: usize, more: i64) -> AlertMail {
    AlertMail {
        subject: s("QME opening in Bakersfield, CA"),
        heading: s("1 opening fits your alert"),
        preview: s("QME evaluations <spine>, Bakersfield, CA, $1,200–1,500 per evaluation"),
        openings: std::iter::repeat_with(card).take(cards).collect(),
        more,
        more_link: s("https://board.example/matches"),
        notes: Vec::new(),
        alert_names: s("“Orthopaedics”"),
        stop_link: "https://board.example/mail/stop/abc".into(),
        pause_link: "https://board.example/mail/stop/abc?do=pause".into(),
        manage_link: s("https://board.example/alerts"),
        postal_address: s("Example Org, 1 Main St, Springfield CA 90000"),
    }
}

/// A digest with everything: a changed card, one that another alert found, some that are counted, and the cap.
fn digest() -> AlertMail {
    let changed = AlertCard {
        changed: vec![
            s("Pay is $1,500 per case now, and was $1,200 per case."),
            s("It asks for any specialty now, and asked for Neurology."),
        ],
        ..card()
    };
    let others = AlertCard {
        title: s("IME examinations"),
        place: s("remote"),
        closes: String::new(),
        alerts: vec![s("Chart review"), s("Anything remote")],
        link: s("https://board.example/openings/2"),
        ..card()
    };
    AlertMail {
        subject: s("Today: 16 openings"),
        heading: s("16 openings fit your alerts"),
        openings: vec![changed, others],
        notes: vec![s("2 of these would have come at once, but you get at most 3 instant mails in a day.")],
        alert_names: s("“Orthopaedics”, “Chart review” and “Anything remote”"),
        ..alert(0, 14)
    }
}

fn confirm_address() -> ConfirmAddressMail {
    ConfirmAddressMail { link: "https://board.example/mail/confirm/abc".into(), hours: 48, host: s("board.example") }
}

fn still_wanted() -> StillWantedMail {
    StillWantedMail {
        yes_link: "https://board.example/mail/still/abc".into(),
        stop_link: "https://board.example/mail/stop/abc".into(),
        ends_on: s("23 December 2026"),
        postal_address: s("Example Org, 1 Main St, Springfield CA 90000"),
    }
}

fn dispute_decided() -> DisputeDecidedMail {
    DisputeDecidedMail {
        about: s("QME <evaluations>"),
        outcome: s("The introduction was ended"),
        words: s("Both <sides> were heard; the contact was used for a newsletter."),
        link: s("https://board.example/disputes/1"),
    }
}

fn dispute_opened() -> DisputeOpenedMail {
    DisputeOpenedMail { about: s("QME <evaluations>"), link: s("https://board.example/company/disputes/1") }
}

fn email_changed() -> EmailChangedMail {
    EmailChangedMail { at: s("23 November 2026, 12:00 UTC"), hours: 72, host: s("board.example") }
}

fn new_address() -> NewAddressMail {
    NewAddressMail { link: "https://board.example/mail/new-address/abc".into(), hours: 24, host: s("board.example") }
}

fn sharing_ended() -> SharingEndedMail {
    SharingEndedMail {
        company: s("O'Neil & Sons"),
        opening: s("QME <evaluations>"),
        reason: s("The company was suspended."),
        link: s("https://board.example/ledger"),
    }
}

fn reviewed(outcome: Outcome) -> OpeningReviewedMail {
    OpeningReviewedMail {
        title: s("QME evaluations"),
        outcome,
        reason: s("Say what it pays."),
        link: s("https://board.example/company/openings/1"),
    }
}

fn contact_looked() -> ContactLookedMail {
    ContactLookedMail {
        at: s("23 November 2026, 12:00 UTC"),
        reason: s("Asked us to call about <the> panel & its dates."),
        ledger_link: s("https://board.example/ledger"),
        permissions_link: s("https://board.example/permissions"),
    }
}

fn new_message() -> NewMessageMail {
    NewMessageMail { opening: s("QME <evaluations>"), link: s("https://board.example/introductions/1") }
}

fn outreach() -> OutreachMail {
    OutreachMail {
        paragraphs: vec![s("This panel looks for a <second> physician."), s("Two days a month & no call.")],
        title: s("QME evaluations"),
        company: s("O'Neil & Sons"),
        kind: s("QME"),
        place: s("Bakersfield, CA"),
        pay: s("$1,200–1,500 per evaluation"),
        link: s("https://board.example/openings/1"),
        stop_link: "https://board.example/mail/stop/abc".into(),
        permissions_link: s("https://board.example/permissions"),
        postal_address: s("Example Org, 1 Main St, Springfield CA 90000"),
    }
}

fn second_factor(change: &str) -> SecondFactorMail {
    SecondFactorMail {
        change: s(change),
        at: s("23 November 2026, 12:00 UTC"),
        host: s("board.example"),
        link: s("https://board.example/account"),
    }
}

fn full() -> Vec<(&'static str, RenderedMail)> {
    let link = s("https://board.example/sign-in");
    vec![
        render(&SignInMail { link: "https://board.example/sign-in/abc".into(), minutes: 15, host: s("board.example") }),
        render(&MemberApprovedMail { link: link.clone() }),
        render(&CompanyApprovedMail { company: s("O'Neil & Sons"), link: link.clone() }),
        render(&SeatInvitedMail { company: s("O'Neil & Sons"), link: link.clone() }),
        render(&reviewed(Outcome::Approved)),
        render(&reviewed(Outcome::Returned)),
        render(&reviewed(Outcome::Rejected)),
        render(&new_message()),
        render(&outreach()),
        render(&alert(1, 0)),
        render(&digest()),
        render(&confirm_address()),
        render(&still_wanted()),
        render(&dispute_decided()),
        render(&dispute_opened()),
        render(&email_changed()),
        render(&second_factor("set_up")),
        render(&second_factor("new_codes")),
        render(&second_factor("taken_off")),
        render(&second_factor("reset")),
        render(&new_address()),
        render(&sharing_ended()),
        render(&IntroductionReceivedMail {
            company: s("O'Neil & Sons"),
            opening: s("QME evaluations"),
            link: link.clone(),
        }),
        render(&contact_looked()),
        render(&IntroductionEndedMail { opening: s("QME evaluations"), reason: s("It is over."), link }),
    ]
}

#[test]
fn every_mail_is_sound() {
    for (name, mail) in full() {
        assert!(!mail.subject.is_empty() && mail.subject.chars().count() < 100, "{name}");
        assert_eq!(mail.html.matches("<h1").count(), 1, "{name}: one h1");
        assert!(mail.html.contains("<html lang=\"en\">"), "{name}: lang");
        assert!(html::title(&mail.html).len() > 3, "{name}: title");
        assert!(mail.html.contains("prefers-color-scheme: dark"), "{name}: dark mode");
        assert!(mail.html.contains("font-size: 16px"), "{name}: inlined");
        assert!(!mail.html.contains("<img") && !mail.html.contains("<link"), "{name}: remote");
        assert!(mail.html.len() < 102 * 1024, "{name}: size");
        assert!(mail.text.contains("You get this mail because"), "{name}: why, in text");
        assert!(mail.html.contains("You get this mail because"), "{name}: why, in HTML");
        assert!(!mail.text.contains("&amp;") && !mail.text.contains("&#x"), "{name}: escaped text");
        assert!(!mail.text.contains("\n\n\n"), "{name}: gaps in {}", mail.text);
    }
}

#[test]
fn text_and_html_hold_the_same_links() {
    for (name, mail) in full() {
        let in_html: BTreeSet<&str> = html::attribute(&mail.html, "href").collect();
        let in_text: BTreeSet<&str> =
            mail.text.split_whitespace().filter(|word| word.starts_with("https://")).collect();
        assert_eq!(in_html, in_text, "{name}");
    }
}

#[test]
fn every_mail_folder_has_three_parts_and_a_test() {
    let tested: BTreeSet<String> = full().iter().map(|(name, _)| s(name)).collect();
    assert_eq!(tested, super::files::names("templates/mail"));
    let parts = ["html.hbs", "subject.hbs", "text.hbs"].map(s).into();
    for name in tested {
        assert_eq!(super::files::names(&format!("templates/mail/{name}")), parts, "{name}");
    }
}

#[test]
fn empty_mails_render() {
    render(&SignInMail::default());
    render(&MemberApprovedMail::default());
    render(&CompanyApprovedMail::default());
    render(&SeatInvitedMail::default());
    render(&OpeningReviewedMail::default());
    render(&AlertMail::default());
    render(&ConfirmAddressMail::default());
    render(&StillWantedMail::default());
    render(&DisputeDecidedMail::default());
    render(&DisputeOpenedMail::default());
    render(&EmailChangedMail::default());
    render(&NewAddressMail::default());
    render(&SecondFactorMail::default());
    render(&SharingEndedMail::default());
    render(&NewMessageMail::default());
    render(&OutreachMail::default());
    render(&IntroductionReceivedMail::default());
    render(&IntroductionEndedMail::default());
    render(&ContactLookedMail::default());
}

#[test]
fn subject_is_one_line_whatever_the_values_hold() {
    let mut mail = reviewed(Outcome::Approved);
    mail.title = s("Exam\r\nBcc: everybody@example.org\u{2028}\u{7f}\tend");
    let subject = render(&mail).1.subject;
    assert_eq!(subject, "Approved: Exam Bcc: everybody@example.org end");
}

#[test]
fn html_is_escaped_and_text_is_not() {
    let (_, mail) = render(&alert(1, 0));
    assert!(mail.html.contains("QME evaluations &lt;spine&gt;"));
    assert!(mail.text.contains("QME evaluations <spine>"));
    assert!(mail.text.contains("O'Neil & Sons"));
}

/// Every mail, whole: what stands in `snapshots` is what people get.
#[test]
fn every_mail_is_as_it_was_looked_at() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept = super::files::names("src/tests/snapshots");
    for (name, mail) in full() {
        let number = seen.entry(name).and_modify(|n| *n += 1).or_insert(1);
        let file = if *number == 1 { format!("{name}.txt") } else { format!("{name}_{number}.txt") };
        let actual = format!("Subject: {}\n\n{}\n{}", mail.subject, mail.text, mail.html);
        assert!(kept.remove(&file), "no snapshot {file}; look at this and keep it:\n{actual}");
        let wanted = super::files::text(&format!("src/tests/snapshots/{file}"));
        assert!(wanted == actual, "{file} differs; look at this and keep it:\n{actual}");
    }
    assert!(kept.is_empty(), "of no mail: {kept:?}");
}

/// What a list of mails shows beside the subject is the preview alone: it is padded, so that the page does not follow.
#[test]
fn the_preview_is_hidden_and_padded() {
    for (name, mail) in full() {
        let (_, preview) = mail.html.split_once("class=\"preview\"").expect("a preview");
        let (preview, _) = preview.split_once("</div>").expect("its end");
        assert!(preview.contains("display: none"), "{name}");
        assert!(preview.chars().filter(|c| *c == '\u{200c}').count() >= 60, "{name}");
    }
}

#[test]
fn a_rendered_mail_keeps_its_link_out_of_debug() {
    let (_, mail) = render(&SignInMail {
        link: "https://board.example/sign-in/secret".into(),
        minutes: 15,
        host: s("board.example"),
    });
    assert!(!format!("{mail:?}").contains("secret"));
}
