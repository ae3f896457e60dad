//! Every page, full and empty, for every role.

use std::collections::BTreeSet;

use super::{
    html, samples as a, samples_company as c, samples_disputes as d, samples_mail as o, samples_member as m,
    samples_messages as t, samples_team as e,
};
use crate::{Chrome, Flash, FlashKind, Page, Renderer, Role, pages, view::FieldError};

/// One page in one state, rendered.
struct Shown {
    template: &'static str,
    html: String,
}

fn chrome(role: Role) -> Chrome {
    Chrome {
        role,
        path: "/openings".to_owned(),
        theme: Some("dark".to_owned()),
        flash: Some(Flash { kind: FlashKind::Warn, text: "Saved.".to_owned() }),
        banner: Some("Mail is held.".to_owned()),
        demo: true,
        who: Some("Central Valley".to_owned()),
        new_matches: 3,
        queue: 1,
        from: "/openings?q=a".to_owned(),
    }
}

fn show<P: Page>(renderer: &Renderer, page: &P, chrome: &Chrome) -> Shown {
    let html = renderer.page(page, chrome).unwrap_or_else(|error| {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        panic!("{}: {error}: {source:?}", P::TEMPLATE)
    });
    Shown { template: P::TEMPLATE, html }
}

/// The full view model with everything around it, and the empty one with nothing.
fn both<P: Page + Default>(renderer: &Renderer, full: &P) -> [Shown; 2] {
    [show(renderer, full, &chrome(Role::Member)), show(renderer, &P::default(), &Chrome::default())]
}

macro_rules! both {
    ($renderer:ident, $($full:expr),* $(,)?) => {
        [$(both($renderer, &$full)),*]
    };
}

fn every_page() -> Vec<[Shown; 2]> {
    let r = &Renderer::new().unwrap();
    let mut list = Vec::new();
    list.extend(both![
        r,
        a::home(),
        a::how_it_works(),
        a::privacy(),
        a::accessibility(),
        a::display(),
        a::openings(),
        a::company_public(),
        a::join(),
        a::join_sent(),
        a::for_companies(),
        a::sign_in(),
        a::sign_in_sent(),
        a::sign_in_confirm(),
        a::message(),
        a::error(),
        a::new_address(),
        a::mail_stop(),
        a::mail_stopped(),
        a::mail_button(),
        a::mailbox(),
        a::mailbox_mail(),
    ]);
    list.extend(a::opening_actions().into_iter().map(|action| both(r, &a::opening(action))));
    list.extend(pages_behind_sign_in(r));
    list
}

fn pages_behind_sign_in(r: &Renderer) -> Vec<[Shown; 2]> {
    let mut list = Vec::new();
    list.extend(both![
        r,
        m::matches("new"),
        m::matches("answered"),
        m::profile(),
        m::profile_edit(),
        m::contact_edit(),
        m::alerts(),
        m::alert(),
        m::mail_times(),
        m::alert_preview(),
        m::why(false),
        m::why(true),
        m::permissions(),
        m::consent(),
        m::consent_review(),
        m::revoke(),
        m::ledger(),
        m::account(),
        m::second_step(true),
        m::second_step(false),
        m::recovery_codes(),
        m::confirm_you(),
        m::delete_account(),
    ]);
    list.extend(both![
        r,
        c::company_home(),
        c::opening_form(),
        c::company_opening(),
        c::contacts(),
        c::contact(),
        c::contact_over(),
        e::company_team(true),
        e::company_team(false),
        e::company_team_end(true),
        e::company_team_end(false),
        e::company_profile(),
        e::admin_audit(),
        e::admin_facts(),
        e::admin_fact_table(),
        c::admin_home(),
        c::admin_queue(),
        c::admin_opening(true),
        c::admin_opening(false),
        c::admin_member(),
        c::admin_contact(),
        c::admin_contact_seen(),
        c::admin_company(),
        c::admin_members(),
        c::admin_companies(),
        c::admin_matches(),
        o::admin_mail(),
        o::admin_mail_one(),
        o::admin_mail_dns(),
    ]);
    list.extend(both![
        r,
        t::introduction(true),
        t::introduction(false),
        t::company_messages(),
        t::message_confirm(),
        t::messages_remove(),
        t::admin_outreach(false),
        t::admin_outreach(true),
        t::admin_outreach_confirm(),
        d::report(),
        d::disputes(false),
        d::disputes(true),
        d::dispute(),
        d::admin_dispute(false),
        d::admin_dispute(true),
        d::as_companies_see_me(),
    ]);
    list
}

#[test]
fn every_page_is_sound_when_full_and_when_empty() {
    for [full, empty] in every_page() {
        html::check(full.template, &full.html);
        let title = html::title(&full.html).trim_end_matches("Rosterline");
        assert!(title.len() > 8, "{}: title {title}", full.template);
        html::check(&format!("{} (empty)", empty.template), &empty.html);
    }
}

#[test]
fn every_template_belongs_to_a_page_that_is_tested() {
    let tested: BTreeSet<String> = every_page().iter().map(|[full, _]| format!("{}.hbs", full.template)).collect();
    assert_eq!(tested, super::files::names("templates/pages"));
}

#[test]
fn titles_differ_from_page_to_page() {
    let mut titles = BTreeSet::new();
    let mut templates = BTreeSet::new();
    for [full, _] in every_page() {
        if templates.insert(full.template) {
            let title = html::title(&full.html).to_owned();
            assert!(titles.insert(title.clone()), "{title} twice");
        }
    }
}

#[test]
fn icons_exist_in_the_sprite() {
    let sprite = super::files::text("static/icons.svg");
    for shown in every_page().iter().flatten() {
        for href in html::attribute(&shown.html, "href").filter(|href| href.contains("/icons.")) {
            let (_, name) = href.split_once('#').unwrap();
            assert!(sprite.contains(&format!("id=\"{name}\"")), "{}: {name}", shown.template);
        }
    }
}

#[test]
fn text_is_escaped() {
    let renderer = Renderer::new().unwrap();
    let page = pages::Message {
        heading: "<b>\"&".to_owned(),
        paragraphs: vec!["<script>alert(1)</script>".to_owned()],
        links: Vec::new(),
    };
    let shown = show(&renderer, &page, &Chrome::default()).html;
    assert!(shown.contains("<h1>&lt;b&gt;&quot;&amp;</h1>"), "{shown}");
    assert!(shown.contains("<title>&lt;b&gt;&quot;&amp; – Rosterline</title>"));
    assert!(!shown.contains("<script>"));
    let join = pages::Join { name: "\"><b>".into(), ..pages::Join::default() };
    let shown = show(&renderer, &join, &Chrome::default()).html;
    assert!(shown.contains("value=\"&quot;&gt;&lt;b&gt;\""));
}

#[test]
fn only_web_addresses_become_links() {
    let renderer = Renderer::new().unwrap();
    let shown = show(&renderer, &c::admin_company(), &Chrome::default()).html;
    assert!(shown.contains("<a href=\"#\" rel=\"nofollow noopener noreferrer\">"));
    let shown = show(&renderer, &a::company_public(), &Chrome::default()).html;
    assert!(shown.contains("<a href=\"https://cve.example\""));
}

#[test]
fn faults_stand_in_the_title_at_the_top_and_beside_the_field() {
    let renderer = Renderer::new().unwrap();
    let mut join = a::join();
    join.errors = vec![FieldError::new("npi", "The NPI has ten digits")];
    let shown = show(&renderer, &join, &Chrome::default()).html;
    assert_eq!(html::title(&shown), "Error: Join as a physician – Rosterline");
    assert_eq!(shown.matches("The NPI has ten digits").count(), 2);
    assert!(shown.contains("<a href=\"#f-npi\">The NPI has ten digits</a>"));
    assert!(shown.contains("aria-describedby=\"f-npi-hint f-npi-error\" aria-invalid=\"true\""));
    assert!(shown.contains("value=\"ana@example.org\""), "what was typed is kept");
}

#[test]
fn a_leading_line_end_survives_in_a_text_box() {
    let renderer = Renderer::new().unwrap();
    let shown = show(&renderer, &c::opening_form(), &Chrome::default()).html;
    assert!(shown.contains("rows=\"8\">\n\nExamine."));
}

const NAVIGATION: [(Role, &[&str]); 4] = [
    (Role::Visitor, &["/openings", "/how-it-works", "/for-companies", "/join", "/sign-in"]),
    (Role::Member, &["/openings", "/matches", "/alerts", "/permissions", "/ledger", "/profile", "/account"]),
    (
        Role::Company,
        &[
            "/company",
            "/company/openings/new",
            "/company/contacts",
            "/company/team",
            "/company/profile",
            "/openings",
            "/account",
        ],
    ),
    (
        Role::Admin,
        &[
            "/admin",
            "/admin/queue",
            "/admin/matches",
            "/admin/members",
            "/admin/companies",
            "/admin/mail",
            "/admin/facts",
            "/admin/audit",
            "/openings",
            "/account",
        ],
    ),
];

#[test]
fn each_role_gets_its_own_navigation() {
    let renderer = Renderer::new().unwrap();
    for (role, links) in NAVIGATION {
        let shown = show(&renderer, &a::home(), &chrome(role)).html;
        let nav = shown.split_once("<nav").unwrap().1.split_once("</nav>").unwrap().0;
        assert_eq!(html::attribute(nav, "href").collect::<Vec<_>>(), links);
        assert_eq!(nav.matches("aria-current=\"page\"").count(), 1);
        assert_eq!(nav.contains("action=\"/sign-out\""), role != Role::Visitor);
    }
}

#[test]
fn the_longest_matching_entry_is_the_current_one() {
    let renderer = Renderer::new().unwrap();
    let chrome = Chrome { path: "/admin/mail".to_owned(), ..chrome(Role::Admin) };
    let shown = show(&renderer, &o::admin_mail(), &chrome).html;
    assert!(shown.contains("href=\"/admin/mail\" aria-current=\"page\""));
    assert!(!shown.contains("href=\"/admin\" aria-current"));
}

#[test]
fn a_misspelt_condition_is_an_error() {
    let mut registry = handlebars::Handlebars::new();
    registry.set_strict_mode(true);
    crate::helpers::register(&mut registry);
    let model = serde_json::json!({ "known": false });
    assert!(registry.render_template("{{#if knwon}}x{{/if}}", &model).is_err());
    assert!(registry.render_template("{{#unless known.x}}x{{/unless}}", &model).is_err());
    assert_eq!(registry.render_template("{{#if known}}x{{else}}y{{/if}}", &model).unwrap(), "y");
}

#[test]
fn private_values_do_not_show_in_debug() {
    let shown = format!("{:?} {:?} {:?}", a::join(), m::consent(), a::mailbox_mail());
    assert!(!shown.contains("ana@example.org") && !shown.contains("Rivera"), "{shown}");
}
