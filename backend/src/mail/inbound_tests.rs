//! Reports, and what only looks like one.

use super::*;

const ID: &str = "0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c11";

fn vault() -> (std::path::PathBuf, Vault) {
    let dir = std::env::temp_dir().join(format!("rosterline-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(&dir).unwrap();
    let vault = Vault::open(&dir.join("master.key")).unwrap();
    (dir, vault)
}

fn original(vault: &Vault, id: &MailId) -> String {
    let local = crate::mail::compose::message_id_local(vault, id);
    format!(
        "From: a@b.example\r\nTo: jane@clinic.example\r\nSubject: x\r\nMessage-ID: <{local}@rosterline.example>\r\n\
         Content-Type: multipart/alternative;\r\n boundary=\"rosterline-{id}\"\r\n\r\n"
    )
}

fn report(kind: &str, fields: &str, original: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: <no-reply@rosterline.example>\r\nSubject: Undelivered\r\n\
         Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type={kind};\r\n boundary=\"b1\"\r\n\r\n\
         preamble\r\n--b1\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b1\r\nContent-Type: message/{kind}\r\n\r\n\
         {fields}\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n{original}body\r\n--b1--\r\n"
    )
}

fn dsn(status: &str, action: &str, original: &str) -> String {
    let fields = format!(
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; somebody.else@clinic.example\r\n\
         Action: {action}\r\nStatus: {status}\r\n"
    );
    report("delivery-status", &fields, original)
}

#[test]
fn a_report_counts_only_for_a_mail_that_is_proven_ours() {
    let (dir, vault) = vault();
    let id = MailId::parse(ID).unwrap();
    let mine = original(&vault, &id);
    let returned = |class| Some(Report { mail: id.clone(), said: Said::Returned(class) });
    for (status, action, want) in [
        ("5.1.1", "failed", returned(MailClass::Hard)),
        ("5.1.10 (no such user)", "Failed", returned(MailClass::Hard)),
        ("5.2.2", "failed", returned(MailClass::Full)),
        ("5.0.0", "failed", returned(MailClass::Unknown)),
        ("5.7.1", "failed", None),
        ("4.4.7", "delayed", None),
        ("4.4.7", "failed", None),
        ("2.0.0", "delivered", None),
        ("5.1", "failed", None),
        ("x", "failed", None),
    ] {
        assert_eq!(read(&vault, dsn(status, action, &mine).as_bytes()), want, "{status} {action}");
        // Mail programs that end lines with a line feed alone.
        assert_eq!(read(&vault, dsn(status, action, &mine).replace('\r', "").as_bytes()), want, "{status} {action}");
    }
    let other = MailId::parse("0b9d0f7e-8a51-4c5e-9a52-0f1f7f3d2c12").unwrap();
    for forged in [
        mine.replace(ID, other.as_str()),
        mine.replace("Message-ID: <", "Message-ID: <x"),
        mine.replace("Message-ID", "X-Message-ID"),
        String::new(),
    ] {
        assert_eq!(read(&vault, dsn("5.1.1", "failed", &forged).as_bytes()), None, "{forged}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_return_address_proves_it_too() {
    let (dir, vault) = vault();
    let id = MailId::parse(ID).unwrap();
    let token = return_token(&vault, &id);
    assert_eq!(token.len(), 48);
    let to = |token: &str| {
        let text = dsn("5.1.1", "failed", "Subject: none\r\n\r\n");
        text.replace("To: <no-reply@", &format!("To: <bounce+{token}@"))
    };
    assert!(read(&vault, to(&token).as_bytes()).is_some_and(|r| r.mail == id));
    assert!(read(&vault, to(&token.to_ascii_uppercase()).as_bytes()).is_some());
    let mut forged = token.clone();
    forged.replace_range(40..41, if token.as_bytes()[40] == b'a' { "b" } else { "a" });
    for bad in [forged.as_str(), "", "0", &token[..47], &format!("{token}0")] {
        assert_eq!(read(&vault, to(bad).as_bytes()), None, "{bad}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_complaint_is_read_and_other_mail_is_not() {
    let (dir, vault) = vault();
    let id = MailId::parse(ID).unwrap();
    let mine = original(&vault, &id);
    let arf = |kind: &str| report("feedback-report", &format!("Feedback-Type: {kind}\r\nVersion: 1\r\n"), &mine);
    assert_eq!(read(&vault, arf("abuse").as_bytes()).map(|r| r.said), Some(Said::Complaint));
    assert_eq!(read(&vault, arf("not-spam").as_bytes()), None);
    let away =
        format!("From: jane@clinic.example\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\n{mine}");
    for other in
        [away.as_str(), "", "\r\n", "Content-Type: multipart/report; report-type=delivery-status\r\n\r\n--\r\n"]
    {
        assert_eq!(read(&vault, other.as_bytes()), None);
    }
    std::fs::remove_dir_all(dir).unwrap();
}

/// A million bytes of parts in parts, packed or not, cost no more than reading them; nothing is unpacked.
#[test]
fn bombs_stay_small() {
    let (dir, vault) = vault();
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(30_000);
    let boundaries = "\r\n--b1\r\nContent-Type: multipart/mixed; boundary=b1\r\n".repeat(15_000);
    let lines = "\n".repeat(1_000_000);
    let long = format!(
        "Content-Type: multipart/report; report-type=delivery-status; boundary={}\r\n\r\n",
        "b".repeat(900_000)
    );
    for bomb in [nested.as_str(), boundaries.as_str(), lines.as_str()] {
        assert_eq!(read(&vault, dsn("5.1.1", "failed", bomb).as_bytes()), None);
        assert_eq!(read(&vault, dsn(bomb, "failed", "").as_bytes()), None);
    }
    assert_eq!(read(&vault, long.as_bytes()), None);
    std::fs::remove_dir_all(dir).unwrap();
}
