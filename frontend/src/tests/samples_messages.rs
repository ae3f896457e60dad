//! Full view models of conversations and outreach.

use super::samples::{errors, facts, s, some, tag};
use crate::{
    Private,
    pages::{
        AdminOutreach, AdminOutreachConfirm, CompanyMessages, Introduction, MessageConfirm, MessageLine,
        MessagesRemove, OutreachLine, Thread,
    },
};

fn thread(action: &str, can_write: bool) -> Thread {
    let line = |who: &str, new| MessageLine {
        who: s(who),
        at: s("21 Nov 2026, 09:58 UTC"),
        at_iso: s("2026-11-21T09:58:00Z"),
        text: Private::from("\nCould we <speak> on Tuesday?\n\nOr later."),
        new,
        read: some("Read 21 Nov 2026"),
    };
    Thread {
        action: s(action),
        can_write,
        closed: s("The introduction is over."),
        write_to: s("Write to Central Valley"),
        hint: s("Up to 2,000 characters"),
        text: Private::from("\nAs <typed>"),
        removed: some("You removed what was written before 3 Nov 2026."),
        messages: vec![line("You", false), line("Central Valley", true)],
        next_href: some("/introductions/1?before=3"),
    }
}

pub(super) fn introduction(can_write: bool) -> Introduction {
    Introduction {
        id: s("1"),
        company: s("Central Valley"),
        title: s("QME evaluations"),
        opening_href: s("/openings/1"),
        state: tag(),
        fields: s("name and degree, e-mail"),
        stage: s("Contacted"),
        since: s("21 Nov 2026"),
        ends: s("14 Dec 2026"),
        can_take_back: can_write,
        blocked: !can_write,
        can_remove: true,
        thread: thread("/introductions/1/messages", can_write),
        errors: if can_write { errors("text") } else { Vec::new() },
    }
}

pub(super) fn company_messages() -> CompanyMessages {
    CompanyMessages {
        id: s("1"),
        opening: s("QME evaluations"),
        opening_href: s("/company/openings/1"),
        state: tag(),
        since: s("21 Nov 2026"),
        contact_href: some("/company/contacts/1"),
        thread: thread("/company/contacts/1/messages", true),
        errors: errors("text"),
    }
}

pub(super) fn message_confirm() -> MessageConfirm {
    MessageConfirm {
        id: s("1"),
        company: s("Central Valley"),
        spotted: s("a telephone number"),
        text: Private::from("\nRing <me>"),
    }
}

pub(super) fn messages_remove() -> MessagesRemove {
    MessagesRemove { id: s("1"), company: s("Central Valley"), count: 4 }
}

pub(super) fn admin_outreach(closed: bool) -> AdminOutreach {
    AdminOutreach {
        id: s("1"),
        title: s("QME evaluations"),
        reachable: 41,
        closed: if closed { s("This opening is not live.") } else { String::new() },
        text: s("\nThis panel <looks> for a second physician."),
        past: vec![OutreachLine { at: s("21 Nov 2026"), text: s("This & that"), numbers: facts() }],
        errors: if closed { Vec::new() } else { errors("text") },
    }
}

pub(super) fn admin_outreach_confirm() -> AdminOutreachConfirm {
    AdminOutreachConfirm { id: s("1"), title: s("QME evaluations"), reachable: 1, text: s("This <panel>") }
}
