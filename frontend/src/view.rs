//! Small pieces that several pages share. Every value is text for people unless it says
//! otherwise; every `Option` that is `None` hides its part of the page.

use serde::Serialize;

use crate::Private;

/// A fault at one field of a form, in the words shown in the summary and beside the field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The name of the form field.
    pub field: String,
    /// A sentence that says how to put it right; never the value that was typed.
    pub message: String,
}

impl FieldError {
    /// A fault at `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// One option of a select or radio group; which one is chosen stands beside the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The value that is sent.
    pub value: String,
    /// The words shown.
    pub label: String,
    /// A heading above it in a select (options of one group stand together).
    pub group: Option<String>,
    /// A second line below it in a radio group.
    pub hint: Option<String>,
}

impl Choice {
    /// An option without group or hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), group: None, hint: None }
    }

    /// The same option under a heading.
    #[must_use]
    pub fn in_group(self, group: impl Into<String>) -> Self {
        Self { group: Some(group.into()), ..self }
    }
}

/// One box of a group of checkboxes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// The value that is sent.
    pub value: String,
    /// The words shown.
    pub label: String,
    /// A second line.
    pub hint: Option<String>,
    /// Whether it is ticked.
    pub checked: bool,
}

/// One of several numbered fields of the same kind, such as `market_3`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// The number in the field's name, from 1.
    pub n: i64,
    /// The value, empty when unused.
    pub value: String,
}

impl Slot {
    /// `count` numbered fields, filled from the front with `values`.
    pub fn fill<I>(values: I, count: usize) -> Vec<Self>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let filled = values.into_iter().map(Into::into);
        let padded = filled.chain(std::iter::repeat_with(String::new)).take(count);
        (1..).zip(padded).map(|(n, value)| Self { n, value }).collect()
    }
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Where it leads, a path of this site.
    pub href: String,
    /// Its words.
    pub label: String,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// A named value, with an optional small line below.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
    /// A small line below.
    pub note: Option<String>,
}

impl Fact {
    /// A fact without a note.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), note: None }
    }
}

/// A named value that belongs to a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PrivateFact {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: Private,
    /// Where it can be used, for example `mailto:` or `tel:`; a web address for a CV.
    pub href: Option<Private>,
}

/// A field of a form that is kept and not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HiddenField {
    /// Its name.
    pub name: String,
    /// What was typed.
    pub value: Private,
}

/// How one rule came out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Met.
    Yes,
    /// Nearly met, for example a certification on the way.
    Near,
    /// Not met.
    No,
    /// Not known.
    #[default]
    Unknown,
}

/// One rule with its outcome and its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The outcome.
    pub state: CheckState,
    /// The rule's name.
    pub title: String,
    /// The reason.
    pub text: String,
}

/// A small label with a colour: `ok`, `warn`, `bad` or empty for neutral.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// `ok`, `warn`, `bad` or empty.
    pub tone: String,
    /// Its words.
    pub label: String,
}

impl Tag {
    /// A label in a colour.
    pub fn new(tone: impl Into<String>, label: impl Into<String>) -> Self {
        Self { tone: tone.into(), label: label.into() }
    }
}

/// One opening in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OpeningRow {
    /// `/openings/{id}`, with the way back in the query when wanted.
    pub href: String,
    /// The title.
    pub title: String,
    /// The company's name.
    pub company: String,
    /// Whether the company was verified.
    pub verified: bool,
    /// `qme`, `ime` or `chart_review`.
    pub kind: String,
    /// For example "QME evaluation".
    pub kind_label: String,
    /// For example "$1,200–1,500", or "Pay not stated".
    pub pay: String,
    /// For example "per evaluation"; empty when pay is not stated.
    pub pay_unit: String,
    /// A second line on pay.
    pub pay_note: Option<String>,
    /// For example "QME, or on the way".
    pub needs: Option<String>,
    /// How it fits the reader, for example `ok` "Fits you".
    pub fit: Option<Tag>,
    /// For example "Bakersfield, CA".
    pub place: String,
    /// For example "Confirmed open 2 days ago".
    pub confirmed: String,
    /// For example "closes 14 Dec".
    pub closes: Option<String>,
    /// Where the words of a search stand in the description; empty hides it.
    pub snippet: Vec<Piece>,
}

/// A piece of running text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The words, with the spaces around them.
    pub text: String,
    /// It is what the reader searched for.
    pub mark: bool,
}

/// One option of a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FacetOption {
    /// The value that is sent.
    pub value: String,
    /// The words shown, without the count.
    pub label: String,
    /// How many openings it would leave.
    pub count: i64,
    /// Whether it is on.
    pub checked: bool,
    /// The list with this option switched.
    pub href: String,
}

/// One entry of a record, such as the ledger or an opening's history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordLine {
    /// `introduction`, `view`, `revocation`, `void`, `expiry`, `admin_look`, or the name of an
    /// icon.
    pub kind: String,
    /// What happened, as a sentence without a full stop.
    pub text: String,
    /// When, for people.
    pub at: String,
    /// When, for machines (RFC 3339).
    pub at_iso: String,
}
