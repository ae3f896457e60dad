//! What receivers look up about the domain of our mail: what should stand there, and what is wrong with what does.
//! Nothing here asks a name server.

use super::compose::Sender;
use super::dkim::Signer;
use crate::config::Config;

/// Look-ups that SPF may cause (RFC 7208, 4.6.4).
const LOOKUPS: usize = 10;

/// A record that should be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is for.
    pub label: &'static str,
    /// Its name.
    pub name: String,
    /// What it should say.
    pub value: String,
    /// A sentence about it.
    pub note: &'static str,
}

/// What was found of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub label: &'static str,
    /// Nothing to do.
    pub good: bool,
    /// A sentence.
    pub text: String,
}

/// What should be there.
pub struct Expected {
    domain: String,
    host: Option<String>,
    keys: Vec<(String, String)>,
}

impl Expected {
    /// By the settings; `host` is the mail server.
    ///
    /// # Errors
    /// A sentence about a setting.
    pub fn of(config: &Config, host: Option<&str>) -> Result<Self, String> {
        let sender = Sender::parse(&config.mail_from)?;
        let domain = sender.address().domain().to_ascii_lowercase();
        let keys = Signer::of(config, &domain)?.map(|signer| signer.records()).unwrap_or_default();
        Ok(Self { domain, host: host.map(str::to_owned), keys })
    }

    /// The domain that mail is from.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// True when mails are signed here.
    #[must_use]
    pub fn signs(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Every record.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let sends = match &self.host {
            Some(host) => format!("v=spf1 a:{host} -all"),
            None => "v=spf1 a:mail.example.org -all".to_owned(),
        };
        let mut records = vec![Record {
            label: "SPF",
            name: self.domain.clone(),
            value: sends,
            note: "Names the servers that may send for the domain. When a provider sends for you, put its include: here instead. There may be only one such record.",
        }];
        records.extend(self.keys.iter().map(|(name, value)| Record {
            label: "DKIM",
            name: name.clone(),
            value: value.clone(),
            note: "The public half of the key that signs. Long values are split into strings of 255 characters by most hosts of DNS.",
        }));
        records.push(Record {
            label: "DMARC",
            name: format!("_dmarc.{}", self.domain),
            value: "v=DMARC1; p=quarantine".to_owned(),
            note: "Says what to do with mail that only claims to be yours. Begin with p=none when other systems send for the domain too; the large hosts want at least that.",
        });
        records
    }
}

/// Says of each record whether it stands in a pasted text.
#[must_use]
pub fn check(expected: &Expected, pasted: &str) -> Vec<Finding> {
    let records = split(pasted);
    let mut found = vec![spf(&records)];
    found.extend(expected.keys.iter().map(|(name, value)| dkim(name, value, &records)));
    found.push(dmarc(&records));
    found
}

/// The records of a text: a record begins where a version does, and quotes and line ends inside it do not count.
fn split(pasted: &str) -> Vec<String> {
    let plain = pasted.replace("\" \"", "").replace(['"', '\\', '(', ')'], "");
    let mut records: Vec<String> = Vec::new();
    for line in plain.lines() {
        // What a zone file or a look-up prints before the text.
        let begin =
            ["v=spf1", "v=DKIM1", "v=DMARC1", "k=rsa", "k=ed25519", "p="].iter().filter_map(|v| find(line, v)).min();
        match (begin, records.last_mut()) {
            (Some(at), _) if !is_continued(line, at) => records.push(line.get(at..).unwrap_or(line).trim().to_owned()),
            (_, Some(last)) => last.push_str(line.trim()),
            _ => {}
        }
    }
    records
}

/// A line that goes on with a record that began on another one.
fn is_continued(line: &str, at: usize) -> bool {
    at > 0 && !line.get(..at).is_some_and(|before| before.ends_with([' ', '\t']))
}

fn find(line: &str, word: &str) -> Option<usize> {
    line.to_ascii_lowercase().find(&word.to_ascii_lowercase())
}

fn of_version<'a>(records: &'a [String], version: &str) -> Vec<&'a String> {
    records.iter().filter(|r| r.to_ascii_lowercase().starts_with(&version.to_ascii_lowercase())).collect()
}

fn finding(label: &'static str, good: bool, text: impl Into<String>) -> Finding {
    Finding { label, good, text: text.into() }
}

fn spf(records: &[String]) -> Finding {
    let found = match of_version(records, "v=spf1").as_slice() {
        [] => return finding("SPF", false, "No record begins with v=spf1."),
        [one] => one.to_ascii_lowercase(),
        _ => return finding("SPF", false, "There are several; receivers then count none. Keep one."),
    };
    let words: Vec<&str> = found.split_whitespace().skip(1).collect();
    let asks = |w: &&&str| {
        let w = w.trim_start_matches(['+', '-', '~', '?']);
        ["include:", "a", "mx", "exists:", "redirect=", "ptr"]
            .iter()
            .any(|p| w == *p || (w.starts_with(p) && w.contains([':', '=', '/'])))
    };
    let lookups = words.iter().filter(asks).count();
    match words.last() {
        _ if lookups > LOOKUPS => {
            finding("SPF", false, format!("It needs {lookups} look-ups; receivers stop at {LOOKUPS}."))
        }
        Some(&"+all" | &"all") => {
            finding("SPF", false, "It lets everybody send for the domain. End it with -all or ~all.")
        }
        Some(last) if last.ends_with("all") || last.starts_with("redirect=") => match words.len() {
            1 if !last.starts_with("redirect=") => finding("SPF", false, "It names no server that may send."),
            _ => finding("SPF", true, "It names servers and closes. Make sure that your mail server is among them."),
        },
        _ => finding("SPF", false, "It has no end, so it says nothing about other servers. End it with -all or ~all."),
    }
}

fn dkim(name: &str, value: &str, records: &[String]) -> Finding {
    let key = |record: &str| {
        let compact: String = record.split_whitespace().collect();
        compact.split(';').find_map(|tag| tag.strip_prefix("p=").map(str::to_owned))
    };
    let (wanted, label) = (key(value), "DKIM");
    let candidates: Vec<String> = records
        .iter()
        .filter_map(|record| key(record))
        .filter(|p| !p.starts_with("none") && !p.starts_with("quarantine") && !p.starts_with("reject"))
        .collect();
    if candidates.iter().any(|p| Some(p) == wanted.as_ref()) {
        return finding(label, true, format!("The key at {name} is ours."));
    }
    if candidates.iter().any(String::is_empty) {
        return finding(
            label,
            false,
            format!("A record has an empty p=, which says that the key was withdrawn. {name} must hold ours."),
        );
    }
    let cut = candidates.iter().any(|p| wanted.as_ref().is_some_and(|w| p.len() > 20 && w.starts_with(p.as_str())));
    if cut {
        return finding(label, false, format!("The key at {name} is cut off; publish all of it, split into strings."));
    }
    finding(label, false, format!("No record holds our key. It belongs at {name}."))
}

fn dmarc(records: &[String]) -> Finding {
    let found = match of_version(records, "v=DMARC1").as_slice() {
        [] => return finding("DMARC", false, "No record begins with v=DMARC1."),
        [one] => one.to_ascii_lowercase(),
        _ => return finding("DMARC", false, "There are several; receivers then count none. Keep one."),
    };
    let tag = |name: &str| {
        found
            .split(';')
            .filter_map(|t| t.trim().split_once('='))
            .find(|(n, _)| n.trim() == name)
            .map(|(_, v)| v.trim().to_owned())
    };
    match tag("p").as_deref() {
        Some("none") => {
            finding("DMARC", true, "It only watches (p=none). Once nothing else fails, p=quarantine protects the name.")
        }
        Some("quarantine" | "reject") => finding("DMARC", true, "It protects the name."),
        _ => finding("DMARC", false, "It has no p= of none, quarantine or reject."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        let name = "rosterline._domainkey.board.example".to_owned();
        let value = "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA".to_owned();
        Expected {
            domain: "board.example".to_owned(),
            host: Some("mx.board.example".to_owned()),
            keys: vec![(name, value)],
        }
    }

    fn verdicts(pasted: &str) -> Vec<(&'static str, bool)> {
        check(&expected(), pasted).into_iter().map(|f| (f.label, f.good)).collect()
    }

    #[test]
    fn what_it_proposes_it_finds_good() {
        let text: Vec<String> =
            expected().records().into_iter().map(|r| format!("{} 300 IN TXT \"{}\"", r.name, r.value)).collect();
        assert_eq!(verdicts(&text.join("\n")), [("SPF", true), ("DKIM", true), ("DMARC", true)]);
    }

    #[test]
    fn each_fault_is_named() {
        for (label, record, good) in [
            ("SPF", "v=spf1 include:mail.example ~all", true),
            ("SPF", "v=spf1 mx redirect=_spf.example", true),
            ("SPF", "v=spf1 mx", false),
            ("SPF", "v=spf1 -all", false),
            ("SPF", "v=spf1 mx +all", false),
            ("SPF", "v=spf1 mx -all\nv=spf1 a -all", false),
            (
                "SPF",
                "v=spf1 include:a include:b include:c include:d include:e include:f include:g include:h include:i include:j include:k -all",
                false,
            ),
            ("SPF", "nothing", false),
            ("DKIM", "\"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAO\" \"CAQ8AMIIBCgKCAQEA\"", true),
            ("DKIM", "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0B\nAQEFAAOCAQ8AMIIBCgKCAQEA", true),
            ("DKIM", "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA", true),
            ("DKIM", "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEF", false),
            ("DKIM", "v=DKIM1; k=rsa; p=", false),
            ("DKIM", "v=DKIM1; k=rsa; p=AAAA", false),
            ("DMARC", "v=DMARC1; p=none; rua=mailto:x@board.example", true),
            ("DMARC", "v=DMARC1; p=reject", true),
            ("DMARC", "v=DMARC1; sp=reject", false),
        ] {
            let found = check(&expected(), record).into_iter().find(|f| f.label == label).unwrap();
            assert_eq!(found.good, good, "{record}: {}", found.text);
        }
    }
}
