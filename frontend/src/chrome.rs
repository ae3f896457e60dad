use serde::Serialize;

/// Who looks at the page; decides which navigation it gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Not signed in.
    #[default]
    Visitor,
    /// A physician.
    Member,
    /// A person acting for a company.
    Company,
    /// A community admin.
    Admin,
}

/// How a flash line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FlashKind {
    /// It worked.
    #[default]
    Ok,
    /// It worked, with something to know.
    Warn,
    /// It did not work.
    Bad,
}

/// One line about what the last action did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Flash {
    /// How it looks.
    pub kind: FlashKind,
    /// The sentence.
    pub text: String,
}

/// What stands around every page: navigation, banner, flash line, footer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chrome {
    /// Who looks.
    pub role: Role,
    /// The path of this page, without its query; marks the current navigation entry.
    pub path: String,
    /// `light` or `dark` when the reader has chosen one.
    pub theme: Option<String>,
    /// What the last action did.
    pub flash: Option<Flash>,
    /// A standing notice, for example "Mail is held: no SMTP server is set".
    pub banner: Option<String>,
    /// Whether this is the demonstration with caught mail.
    pub demo: bool,
    /// A label of who is signed in, such as the company's name; never an e-mail address.
    pub who: Option<String>,
    /// New matches of the member.
    pub new_matches: i64,
    /// Items waiting for an admin.
    pub queue: i64,
    /// The current path with its query, to come back to.
    pub from: String,
}

/// One entry of the main navigation.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NavItem {
    href: &'static str,
    label: &'static str,
    current: bool,
    /// Starts the group at the far end of the bar.
    push: bool,
    count: i64,
    count_label: &'static str,
}

impl Chrome {
    /// The navigation of the role, with the entry of this page marked.
    pub(crate) fn nav(&self) -> Vec<NavItem> {
        let entries = entries(self.role);
        let current =
            entries.iter().map(|(href, _)| *href).filter(|href| covers(href, &self.path)).max_by_key(|href| href.len());
        entries
            .iter()
            .map(|(href, label)| {
                let (count, count_label) = self.count(href);
                let push = matches!(*href, "/join" | "/matches" | "/account");
                let push = push && !(self.role == Role::Member && *href == "/account");
                NavItem { href, label, current: current == Some(*href), push, count, count_label }
            })
            .collect()
    }

    fn count(&self, href: &str) -> (i64, &'static str) {
        match href {
            "/matches" => (self.new_matches, "new"),
            "/admin/queue" => (self.queue, "waiting"),
            _ => (0, ""),
        }
    }
}

/// Whether `href` is this path or a folder above it.
fn covers(href: &str, path: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn entries(role: Role) -> &'static [(&'static str, &'static str)] {
    match role {
        Role::Visitor => &[
            ("/openings", "Openings"),
            ("/how-it-works", "How it works"),
            ("/for-companies", "For companies"),
            ("/join", "Join"),
            ("/sign-in", "Sign in"),
        ],
        Role::Member => &[
            ("/openings", "Openings"),
            ("/matches", "Matches"),
            ("/alerts", "Alerts"),
            ("/permissions", "Permissions"),
            ("/ledger", "Ledger"),
            ("/profile", "Profile"),
            ("/account", "Account"),
        ],
        Role::Company => &[
            ("/company", "Company"),
            ("/company/openings/new", "Post an opening"),
            ("/company/contacts", "Contacts"),
            ("/company/team", "Team"),
            ("/company/profile", "Profile"),
            ("/openings", "All openings"),
            ("/account", "Account"),
        ],
        Role::Admin => &[
            ("/admin", "What waits"),
            ("/admin/queue", "Queue"),
            ("/admin/matches", "Matches"),
            ("/admin/members", "Members"),
            ("/admin/companies", "Companies"),
            ("/admin/mail", "Mail"),
            ("/admin/facts", "Facts"),
            ("/admin/audit", "Record"),
            ("/openings", "Openings"),
            ("/account", "Account"),
        ],
    }
}
