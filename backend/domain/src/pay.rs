//! Pay in integer cents, and when two statements of pay can be compared.

use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::words::words;

words! {
    /// What the amount counts.
    PayBasis {
        /// A finished case or evaluation with its report.
        PerCase = "per_case",
        /// A page of records.
        PerPage = "per_page",
        /// An hour.
        Hourly = "hourly",
        /// A share of the fee-schedule fee, in basis points.
        FeeShare = "fee_share",
        /// The company does not say.
        NotStated = "not_stated",
    }
}

/// What an opening pays. Amounts in cents, the share in basis points (6000 = 60 %).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// What the amounts count.
    pub basis: PayBasis,
    /// Lower end, cents.
    pub min_cents: Option<i64>,
    /// Upper end, cents; equal to the lower end when one figure was given.
    pub max_cents: Option<i64>,
    /// Share of the fee, basis points.
    pub share_bps: Option<i32>,
    /// For each page above the allowance, cents.
    pub extra_page_cents: Option<i64>,
    /// Pages included in the amount.
    pub included_pages: Option<i32>,
}

/// The least a member wants for one kind of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinPay {
    /// The kind it holds for.
    pub kind: Kind,
    /// What the amount counts.
    pub basis: PayBasis,
    /// Cents; basis points when the basis is `fee_share`.
    pub cents: i64,
}

/// How an opening's pay stands against a member's minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayVerdict {
    /// The member set no minimum for this kind.
    NoMinimum,
    /// The upper end reaches the minimum; the value is the surplus of the upper end in cents (or basis points).
    Reaches(i64),
    /// Even the upper end stays below.
    Below,
    /// The units differ, so nothing can be said.
    OtherUnit,
    /// The opening states no pay.
    NotStated,
}

impl Pay {
    /// The figure a comparison uses: the upper end, since a range that reaches the minimum can meet it.
    #[must_use]
    pub fn best(&self) -> Option<i64> {
        match self.basis {
            PayBasis::NotStated => None,
            PayBasis::FeeShare => self.share_bps.map(i64::from),
            _ => self.max_cents.or(self.min_cents),
        }
    }

    /// Compares with the member's minimum for this kind.
    #[must_use]
    pub fn against(&self, kind: Kind, minimums: &[MinPay]) -> PayVerdict {
        let Some(best) = self.best() else {
            return PayVerdict::NotStated;
        };
        let mut of_kind = minimums.iter().filter(|m| m.kind == kind).peekable();
        if of_kind.peek().is_none() {
            return PayVerdict::NoMinimum;
        }
        match of_kind.find(|m| m.basis == self.basis) {
            None => PayVerdict::OtherUnit,
            Some(m) if best < m.cents => PayVerdict::Below,
            Some(m) => PayVerdict::Reaches(best - m.cents),
        }
    }

    /// The amount as people read it, for example `$1,200–1,500`.
    #[must_use]
    pub fn label(&self) -> String {
        match (self.basis, self.min_cents, self.max_cents, self.share_bps) {
            (PayBasis::FeeShare, _, _, Some(bps)) => format!("{}% of the state fee", percent(bps)),
            (PayBasis::NotStated, ..) => "Pay not stated".to_owned(),
            (_, Some(min), Some(max), _) if min != max => {
                format!("{}–{}", dollars(min), dollars(max).trim_start_matches('$'))
            }
            (_, Some(cents), _, _) | (_, None, Some(cents), _) => dollars(cents),
            _ => "Pay not stated".to_owned(),
        }
    }

    /// The unit as people read it, for example `per case`.
    #[must_use]
    pub const fn unit(&self) -> &'static str {
        match self.basis {
            PayBasis::PerCase => "per case",
            PayBasis::PerPage => "per page",
            PayBasis::Hourly => "per hour",
            PayBasis::FeeShare | PayBasis::NotStated => "",
        }
    }
}

fn percent(bps: i32) -> String {
    if bps % 100 == 0 { format!("{}", bps / 100) } else { format!("{}.{:02}", bps / 100, bps % 100) }
}

/// Cents as `$1,234` or `$1,234.50`.
#[must_use]
pub fn dollars(cents: i64) -> String {
    let (sign, abs) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    let digits = (abs / 100).to_string();
    let mut whole = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            whole.push(',');
        }
        whole.push(c);
    }
    match abs % 100 {
        0 => format!("{sign}${whole}"),
        rest => format!("{sign}${whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(basis: PayBasis, min: Option<i64>, max: Option<i64>, share: Option<i32>) -> Pay {
        Pay { basis, min_cents: min, max_cents: max, share_bps: share, extra_page_cents: None, included_pages: None }
    }

    #[test]
    fn pay_compares_only_in_the_same_unit() {
        let min = [MinPay { kind: Kind::Qme, basis: PayBasis::PerCase, cents: 140_000 }];
        for (offer, verdict) in [
            (pay(PayBasis::PerCase, Some(120_000), Some(150_000), None), PayVerdict::Reaches(10_000)),
            (pay(PayBasis::PerCase, Some(140_000), None, None), PayVerdict::Reaches(0)),
            (pay(PayBasis::PerCase, Some(120_000), Some(139_999), None), PayVerdict::Below),
            (pay(PayBasis::Hourly, Some(10_000), None, None), PayVerdict::OtherUnit),
            (pay(PayBasis::FeeShare, None, None, Some(6000)), PayVerdict::OtherUnit),
            (pay(PayBasis::NotStated, None, None, None), PayVerdict::NotStated),
        ] {
            assert_eq!(offer.against(Kind::Qme, &min), verdict, "{offer:?}");
        }
        assert_eq!(pay(PayBasis::Hourly, Some(1), None, None).against(Kind::Ime, &min), PayVerdict::NoMinimum);
    }

    #[test]
    fn money_reads_well() {
        assert_eq!(pay(PayBasis::PerCase, Some(120_000), Some(150_000), None).label(), "$1,200–1,500");
        assert_eq!(pay(PayBasis::FeeShare, None, None, Some(6250)).label(), "62.50% of the state fee");
        assert_eq!(dollars(276_500), "$2,765");
        assert_eq!(dollars(221_650), "$2,216.50");
        assert_eq!(dollars(-5), "-$0.05");
    }
}
