//! Every mail: three parts, complete in text, light in HTML.

use std::collections::BTreeSet;

use super::html;
use crate::{
    Mail, RenderedMail, Renderer,
    mail::{
        AlertCard, AlertMail, CompanyApprovedMail, ContactLookedMail, IntroductionEndedMail, IntroductionReceivedMail,
        MemberApprovedMail, OpeningReviewedMail, Outcome, SignInMail,
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
        why: vec![s("your main specialty"), s("113 miles")],
        link: s("https://board.example/openings/1"),
    }
}

fn alert(cards: usize, more: i64) -> AlertMail {
    AlertMail {
        openings: std::iter::repeat_with(card).take(cards).collect(),
        more,
        alert_name: s("Orthopaedics"),
        stop_link: "https://board.example/mail/stop/abc".into(),
        manage_link: s("https://board.example/alerts"),
        postal_address: s("Example Org, 1 Main St, Springfield CA 90000"),
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

fn full() -> Vec<(&'static str, RenderedMail)> {
    let link = s("https://board.example/sign-in");
    vec![
        render(&SignInMail { link: "https://board.example/sign-in/abc".into(), minutes: 15, host: s("board.example") }),
        render(&MemberApprovedMail { link: link.clone() }),
        render(&CompanyApprovedMail { company: s("O'Neil & Sons"), link: link.clone() }),
        render(&reviewed(Outcome::Approved)),
        render(&reviewed(Outcome::Returned)),
        render(&reviewed(Outcome::Rejected)),
        render(&alert(3, 4)),
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
    render(&OpeningReviewedMail::default());
    render(&AlertMail::default());
    render(&IntroductionReceivedMail::default());
    render(&IntroductionEndedMail::default());
    render(&ContactLookedMail::default());
}

#[test]
fn alert_subject_says_count_kind_and_market() {
    assert_eq!(render(&alert(1, 0)).1.subject, "QME opening in Bakersfield, CA");
    assert_eq!(render(&alert(3, 0)).1.subject, "3 openings for you");
    assert_eq!(render(&alert(1, 1)).1.subject, "2 openings for you");
    let mut remote = alert(1, 0);
    remote.openings[0].place = s("remote");
    assert_eq!(render(&remote).1.subject, "QME opening, remote");
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

#[test]
fn the_alert_in_full() {
    let expected = "\
1 opening fits your alert \"Orthopaedics\"

QME evaluations <spine>
O'Neil & Sons, QME, Bakersfield, CA
$1,200–1,500 per evaluation, closes 14 December 2026

Why it fits: your main specialty, 113 miles

https://board.example/openings/1

The companies do not know that you got this mail. Nothing is shared by opening a link; that takes a yes from you, signed in, on a page that names company, fields and end.

--
You get this mail because you switched on alerts by e-mail, for the alert \"Orthopaedics\".
Stop it, no sign-in needed: https://board.example/mail/stop/abc
Change or pause your alerts: https://board.example/alerts
Example Org, 1 Main St, Springfield CA 90000
";
    assert_eq!(render(&alert(1, 0)).1.text, expected);
}

#[test]
fn the_notice_of_a_look_in_full() {
    let expected = "\
A community admin looked at your contact

On 23 November 2026, 12:00 UTC a community admin looked at the contact details you gave. The reason given: \"Asked us to call about <the> panel & its dates.\"

You allow this with \"Admins may reach out\". The look stands in your ledger: https://board.example/ledger

Switch that permission off and no admin can look any more: https://board.example/permissions

--
You get this mail because you are a member and every look of an admin is told, whatever your other settings are.
";
    assert_eq!(render(&contact_looked()).1.text, expected);
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
