//! Full view models of the pages about the outbox.

use super::samples::{choices, errors, s, some, tag};
use crate::pages::{
    AdminMail, AdminMailDns, AdminMailOne, DnsFinding, DnsRecord, MailLine, MailMove, MailState, MailStream,
};

fn mail_line() -> MailLine {
    MailLine {
        id: s("1"),
        kind: s("Alert"),
        state: tag(),
        attempts: 3,
        due: s("in 5 minutes"),
        last_code: some("451 4.7.1"),
        class: some("asked for less"),
        can_retry: true,
    }
}

pub(super) fn admin_mail() -> AdminMail {
    AdminMail {
        problem: some("The relay does not answer."),
        disarmed: true,
        streams: vec![MailStream {
            stream: s("alert"),
            label: s("Alerts"),
            waiting: 12,
            late: some("3 minutes"),
            state: tag(),
            why: some("The mail server said 550 5.7.1."),
            can_resume: true,
        }],
        states: vec![MailState { href: s("/admin/mail?state=dead"), label: s("Dead"), count: 1, current: true }],
        state: s("dead"),
        class: s("policy"),
        class_options: choices(),
        code: s("550 5.7.1"),
        kind: s("alert"),
        kind_options: choices(),
        can_retry_all: true,
        rows: vec![mail_line()],
        next_href: some("/admin/mail?cursor=x"),
    }
}

pub(super) fn admin_mail_one() -> AdminMailOne {
    AdminMailOne {
        mail: mail_line(),
        written: s("23 November 2026, 12:00 UTC"),
        subject: some("2 openings <fit> your alert"),
        text: s("Stop: https://board.example/mail/…"),
        hidden: s("It holds a sign-in link."),
        moves: vec![MailMove {
            at: s("23 November 2026, 12:00 UTC"),
            what: s("On its way → Given up"),
            attempt: 1,
            answer: s("554 5.7.1 after the body"),
        }],
        can_discard: true,
        reason: s("Test mail."),
        errors: errors("reason"),
    }
}

pub(super) fn admin_mail_dns() -> AdminMailDns {
    AdminMailDns {
        domain: s("board.example"),
        records: vec![DnsRecord {
            label: s("DKIM"),
            name: s("rosterline._domainkey.board.example"),
            value: s("v=DKIM1; k=rsa; p=AAAA"),
            note: s("The public half of the key."),
        }],
        signs: true,
        pasted: s("v=spf1 -all"),
        findings: vec![DnsFinding { label: s("SPF"), state: tag(), text: s("It names no server.") }],
    }
}
