//! What a material change of an opening changed, in words for somebody who read the opening before.

use crate::opening::{LicenceRule, Terms};
use crate::pay::Pay;

/// One sentence for each material field that differs; what was, and what is.
#[must_use]
pub fn changes(before: &Terms, after: &Terms) -> Vec<String> {
    let mut all = Vec::new();
    if before.kind != after.kind {
        all.push(format!("It is {} now, and was {}.", after.kind.label(), before.kind.label()));
    }
    if before.pay != after.pay {
        all.push(format!("Pay is {} now, and was {}.", pay(&after.pay), pay(&before.pay)));
    }
    let specialties = |terms: &Terms| named(terms.specialties.iter().map(|s| s.name().to_owned()), "any specialty");
    if before.specialties != after.specialties {
        all.push(format!("It asks for {} now, and asked for {}.", specialties(after), specialties(before)));
    }
    if before.markets != after.markets || before.remote != after.remote {
        all.push(format!("It is in {} now, and was in {}.", places(after), places(before)));
    }
    if before.licence != after.licence {
        all.push(format!("It asks for {} now, and asked for {}.", licence(&after.licence), licence(&before.licence)));
    }
    if before.certification != after.certification || before.comp_related != after.comp_related {
        all.push("What it asks about certification has changed.".to_owned());
    }
    all
}

fn pay(pay: &Pay) -> String {
    let unit = pay.unit();
    let mut text = pay.label();
    if !unit.is_empty() {
        text = format!("{text} {unit}");
    }
    match (pay.extra_page_cents, pay.included_pages) {
        (Some(cents), pages) => {
            format!("{text} plus {} a page above {}", crate::pay::dollars(cents), pages.unwrap_or(0))
        }
        (None, _) => text,
    }
}

fn places(terms: &Terms) -> String {
    let remote = terms.remote.then(|| "remote work".to_owned());
    named(terms.markets.iter().map(|m| m.label()).chain(remote), "no place")
}

fn licence(rule: &LicenceRule) -> String {
    match rule {
        LicenceRule::StateOfWork => "a licence in the state of the work".to_owned(),
        LicenceRule::OneOf(states) => {
            format!("a licence of {}", named(states.iter().map(|s| s.name().to_owned()), "any state"))
        }
        LicenceRule::NotNeeded => "no licence".to_owned(),
    }
}

fn named(names: impl Iterator<Item = String>, none: &str) -> String {
    let names: Vec<String> = names.collect();
    if names.is_empty() { none.to_owned() } else { names.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::opening::{CertificationAsk, Requires};
    use crate::pay::PayBasis;
    use crate::place::{Market, State};
    use crate::specialty::Specialty;

    fn opening() -> Terms {
        Terms {
            kind: Kind::Qme,
            title: "Spine".to_owned(),
            description: String::new(),
            specialties: vec![Specialty::parse("neurology").unwrap()],
            markets: vec![Market::parse("bakersfield").unwrap()],
            remote: false,
            licence: LicenceRule::StateOfWork,
            certification: CertificationAsk::default(),
            comp_related: true,
            pay: Pay {
                basis: PayBasis::PerCase,
                min_cents: Some(120_000),
                max_cents: Some(150_000),
                share_bps: None,
                extra_page_cents: None,
                included_pages: None,
            },
            volume: String::new(),
            seats: 1,
            requires: Requires::default(),
            closes_on: "2026-12-14".parse().unwrap(),
            public_listing: true,
        }
    }

    #[test]
    fn every_material_change_is_said_and_nothing_else() {
        let base = opening();
        let same = Terms { title: "Neck".to_owned(), closes_on: "2027-01-01".parse().unwrap(), ..base.clone() };
        assert_eq!(changes(&base, &same), Vec::<String>::new());
        let pay = Pay {
            min_cents: Some(150_000),
            extra_page_cents: Some(300),
            included_pages: Some(200),
            ..base.pay.clone()
        };
        let states = vec![State::parse("NV").unwrap(), State::parse("TX").unwrap()];
        for (after, want) in [
            (
                Terms { pay, ..base.clone() },
                "Pay is $1,500 per case plus $3 a page above 200 now, and was $1,200–1,500 per case.",
            ),
            (
                Terms { remote: true, ..base.clone() },
                "It is in Bakersfield, CA; remote work now, and was in Bakersfield, CA.",
            ),
            (
                Terms { specialties: Vec::new(), ..base.clone() },
                "It asks for any specialty now, and asked for Neurology.",
            ),
            (
                Terms { licence: LicenceRule::OneOf(states), ..base.clone() },
                "It asks for a licence of Nevada; Texas now, and asked for a licence in the state of the work.",
            ),
            (Terms { comp_related: false, ..base.clone() }, "What it asks about certification has changed."),
        ] {
            assert_eq!(changes(&base, &after), [want]);
            assert!(base.differs_materially(&after) && !changes(&after, &base).is_empty());
        }
    }
}
