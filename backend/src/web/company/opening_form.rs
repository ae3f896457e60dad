//! `/company/openings/new` and `/company/openings/{id}/edit`.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use domain::certification::Rulebook;
use domain::errors::Errors;
use domain::input::OpeningInput;
use domain::opening::{OpeningAction, Terms, next_status};
use domain::pay::PayBasis;
use domain::place::{Market, State};
use domain::profile::ProviderClass;
use domain::reach::Aim;
use domain::specialty::Specialty;
use domain::{CompanyId, Kind, OpeningId};
use frontend::pages::{MAX_OPENING_MARKETS, MAX_OPENING_SPECIALTIES, OpeningForm};
use frontend::view::{Choice, Slot, Tick};
use store::companies::Company;
use store::openings::Opening;

use super::super::WebResult;
use super::super::admin::rules;
use super::super::form::Form;
use super::super::shell::Shell;
use super::opening_draft::{Draft, from_pairs, typed};
use super::reach::{BandWords, aim_of, band};
use crate::app::App;
use crate::auth::{Guarded, ManageOpenings, Routes};
use crate::error::AppError;
use crate::usecases;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/company/openings/new", blank)
        .post("/company/openings/new", create)
        .get("/company/openings/{id}/edit", edit)
        .post("/company/openings/{id}/edit", save);
}

async fn blank(shell: Shell, _: Guarded<ManageOpenings>) -> WebResult {
    let start = from_pairs(&[("licence_mode", "state_of_work"), ("seats", "1"), ("public_listing", "1")])?;
    let rules = rulebook(&shell.app).await?;
    shell.page(&page(&start, &Frame::new(), &rules, BandWords::to_be_chosen()))
}

async fn create(shell: Shell, who: Guarded<ManageOpenings>, form: Form) -> WebResult {
    let draft = Draft::read(&form);
    if form.on("look") {
        return look(&shell, &who.company, &form, &Frame::new(), &draft).await;
    }
    let (seat, input) = (who.into_inner(), draft.input.clone());
    let company = seat.company.clone();
    let made = if draft.is_readable() {
        shell.app.write(move |conn, app| usecases::draft_opening(conn, app, &seat, &input)).await
    } else {
        Err(judged(&shell.app, input).await?)
    };
    match made {
        Ok(opening) => shell.done(
            &format!("/company/openings/{}", opening.id),
            "Saved as a draft. Read it once more and send it for review.",
        ),
        Err(AppError::Invalid(errors)) => answer(&shell, &company, &form, &Frame::new(), &draft, &errors).await,
        Err(error) => Err(error),
    }
}

async fn edit(shell: Shell, who: Guarded<ManageOpenings>, id: Path<String>) -> WebResult {
    let opening = own(&shell.app, who.company.id.clone(), &id).await?;
    let rules = rulebook(&shell.app).await?;
    let band = band(&shell.app, &who.company, Aim::from(&opening.terms)).await?;
    shell.page(&page(&typed(&opening.terms)?, &Frame::of(&shell.app, &opening), &rules, band))
}

async fn save(shell: Shell, who: Guarded<ManageOpenings>, id: Path<String>, form: Form) -> WebResult {
    let before = own(&shell.app, who.company.id.clone(), &id).await?;
    let draft = Draft::read(&form);
    if form.on("look") {
        return look(&shell, &who.company, &form, &Frame::of(&shell.app, &before), &draft).await;
    }
    let company = who.company.clone();
    let (seat, input, of) = (who.into_inner(), draft.input.clone(), before.id.clone());
    let saved = if draft.is_readable() {
        shell.app.write(move |conn, app| usecases::edit_opening(conn, app, &seat, &of, &input)).await
    } else {
        Err(judged(&shell.app, input).await?)
    };
    match saved {
        Ok(after) => {
            let line = match (before.liveness.status == after.liveness.status, before.revision == after.revision) {
                (true, _) => "Saved.",
                (false, true) => "Saved. An admin reads it before it is shown again.",
                (false, false) => {
                    "Saved. An admin reads it before it is shown again, and every yes given to the old terms has ended."
                }
            };
            shell.done(&format!("/company/openings/{}", after.id), line)
        }
        Err(AppError::Invalid(errors)) => {
            answer(&shell, &company, &form, &Frame::of(&shell.app, &before), &draft, &errors).await
        }
        Err(error) => Err(error),
    }
}

/// The form of an opening with faults that another step found.
pub(super) async fn show_again(shell: &Shell, company: &Company, id: &str, errors: &Errors) -> WebResult {
    let opening = own(&shell.app, company.id.clone(), id).await?;
    let form = typed(&opening.terms)?;
    let draft = Draft::read(&form);
    answer(shell, company, &form, &Frame::of(&shell.app, &opening), &draft, errors).await
}

/// An opening that can be edited, or why not.
async fn own(app: &App, company: CompanyId, id: &str) -> Result<Opening, AppError> {
    let id = OpeningId::parse(id).ok_or(AppError::NotFound)?;
    let opening = app.read(move |conn, _| Ok(store::openings::find_of(conn, &company, &id)?)).await?;
    next_status(opening.liveness.status, OpeningAction::Edit)
        .ok_or(AppError::Conflict("A closed or rejected opening cannot be changed; copy it instead."))?;
    Ok(opening)
}

async fn rulebook(app: &App) -> Result<Rulebook, AppError> {
    app.read(|conn, _| Ok(store::facts::rulebook(conn)?)).await
}

/// The domain's view of an input that could not be read in full, so that a person sees all faults at once.
async fn judged(app: &App, input: OpeningInput) -> Result<AppError, AppError> {
    let rules = rulebook(app).await?;
    Ok(AppError::Invalid(input.parse(&rules, app.now().date_naive()).err().unwrap_or_default()))
}

/// Everything as it was typed, and the band that belongs to it. Nothing is saved.
async fn look(shell: &Shell, company: &Company, form: &Form, frame: &Frame, draft: &Draft) -> WebResult {
    let rules = rulebook(&shell.app).await?;
    let band = typed_band(shell, company, form, draft).await?;
    shell.page(&page(form, frame, &rules, band))
}

async fn typed_band(shell: &Shell, company: &Company, form: &Form, draft: &Draft) -> Result<BandWords, AppError> {
    match aim_of(&draft.input, form.on("any_specialty")) {
        Some(aim) => band(&shell.app, company, aim).await,
        None => Ok(BandWords::to_be_chosen()),
    }
}

async fn answer(
    shell: &Shell,
    company: &Company,
    form: &Form,
    frame: &Frame,
    draft: &Draft,
    errors: &Errors,
) -> WebResult {
    let rules = rulebook(&shell.app).await?;
    let mut page = page(form, frame, &rules, typed_band(shell, company, form, draft).await?);
    page.errors = draft.faults(errors);
    // The notes come from terms that hold together; those of a faulty form would mislead.
    page.rule_notes.clear();
    shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// What stands around the fields.
struct Frame {
    action: String,
    heading: &'static str,
    back_href: String,
    live: bool,
    terms: Option<Terms>,
}

impl Frame {
    fn new() -> Self {
        Self {
            action: "/company/openings/new".to_owned(),
            heading: "Post an opening",
            back_href: "/company".to_owned(),
            live: false,
            terms: None,
        }
    }

    fn of(app: &App, opening: &Opening) -> Self {
        Self {
            action: format!("/company/openings/{}/edit", opening.id),
            heading: "Change the opening",
            back_href: format!("/company/openings/{}", opening.id),
            live: opening.liveness.is_live(app.now()),
            terms: Some(opening.terms.clone()),
        }
    }
}

/// The page with everything as it was typed.
fn page(form: &Form, frame: &Frame, rules: &Rulebook, band: BandWords) -> OpeningForm {
    let text = |name: &str| form.text(name).to_owned();
    OpeningForm {
        action: frame.action.clone(),
        heading: frame.heading.to_owned(),
        back_href: frame.back_href.clone(),
        live: frame.live,
        kind: text("kind"),
        kind_options: kinds(),
        title: text("title"),
        description: text("description"),
        specialties: slots(form, "specialty_", MAX_OPENING_SPECIALTIES),
        specialty_options: specialties(),
        any_specialty: form.on("any_specialty"),
        markets: slots(form, "market_", MAX_OPENING_MARKETS),
        market_options: markets(),
        remote: form.on("remote"),
        licence_mode: text("licence_mode"),
        licence_mode_options: licence_modes(),
        licence_states: text("licence_states"),
        certification_required: text("certification_required"),
        certification_options: certifications(rules),
        takes_candidates: form.on("takes_candidates"),
        sponsors: form.on("sponsors"),
        comp_related: form.on("comp_related"),
        pay_basis: text("pay_basis"),
        pay_basis_options: pay_bases(),
        pay_min: text("pay_min"),
        pay_max: text("pay_max"),
        share_percent: text("share_percent"),
        extra_page: text("extra_page"),
        included_pages: text("included_pages"),
        volume: text("volume"),
        seats: text("seats"),
        board_certified: form.on("board_certified"),
        min_years: text("min_years"),
        languages: text("languages"),
        provider_classes: provider_classes(form),
        closes_on: text("closes_on"),
        public_listing: form.on("public_listing"),
        band: band.band,
        band_note: band.note,
        rule_notes: frame.terms.as_ref().map(|terms| rules::notes(rules, terms)).unwrap_or_default(),
        errors: Vec::new(),
    }
}

/// As many numbered fields as the page always has, or more when more are filled.
fn slots(form: &Form, prefix: &str, least: usize) -> Vec<Slot> {
    let number = |name: &str| name.strip_prefix(prefix).and_then(|n| n.parse::<usize>().ok());
    let last = form.starting_with(prefix).filter(|(_, v)| !v.is_empty()).filter_map(|(name, _)| number(name)).max();
    let count = last.unwrap_or(0).clamp(least, 20);
    Slot::fill((1..=count).map(|n| form.text(&format!("{prefix}{n}")).to_owned()), count)
}

fn hinted(value: &str, label: &str, hint: &str) -> Choice {
    Choice { hint: Some(hint.to_owned()), ..Choice::new(value, label) }
}

fn kinds() -> Vec<Choice> {
    Kind::ALL
        .iter()
        .map(|kind| {
            let hint = match kind {
                Kind::Qme => "California workers’ compensation; only for appointed QMEs, and physicians on the way when you take them",
                Kind::Ime => "An examination for an insurer, an employer or a court",
                Kind::ChartReview => "Records only, no examination",
            };
            hinted(kind.as_str(), kind.label(), hint)
        })
        .collect()
}

fn specialties() -> Vec<Choice> {
    let mut all: Vec<Specialty> = Specialty::all().collect();
    // Options of one group must stand together; the sort is stable.
    all.sort_by_key(|s| s.row().provider_class);
    all.into_iter().map(|s| Choice::new(s.slug(), s.name()).in_group(class_label(s.row().provider_class))).collect()
}

fn markets() -> Vec<Choice> {
    let mut all: Vec<Market> = Market::all().collect();
    all.sort_by_key(|m| (m.state().name(), !m.is_statewide(), m.label()));
    all.into_iter().map(|m| Choice::new(m.slug(), m.label()).in_group(m.state().name())).collect()
}

fn certifications(rules: &Rulebook) -> Vec<Choice> {
    let mut all: Vec<_> = rules.schemes().iter().filter(|s| s.holder != "company").collect();
    let state = |code: &str| State::parse(code).map_or("Any state", State::name);
    all.sort_by_key(|s| (state(&s.state), &s.name));
    all.into_iter().map(|s| Choice::new(s.key.as_str(), s.name.as_str()).in_group(state(&s.state))).collect()
}

fn licence_modes() -> Vec<Choice> {
    vec![
        hinted("state_of_work", "In the state of the work", "Remote work without a state takes any current US licence"),
        hinted(
            "named",
            "In named states",
            "Remote work needs one of them; work on site needs the state of the work as well",
        ),
        hinted("none", "None", "Only chart review can do without"),
    ]
}

fn pay_bases() -> Vec<Choice> {
    PayBasis::ALL
        .iter()
        .map(|basis| match basis {
            PayBasis::PerCase => Choice::new(basis.as_str(), "Per case"),
            PayBasis::PerPage => Choice::new(basis.as_str(), "Per page"),
            PayBasis::Hourly => Choice::new(basis.as_str(), "Per hour"),
            PayBasis::FeeShare => Choice::new(basis.as_str(), "As a share of the state fee"),
            PayBasis::NotStated => hinted(basis.as_str(), "Not stated", "Shown last in every list, and marked"),
        })
        .collect()
}

fn class_label(class: ProviderClass) -> &'static str {
    match class {
        ProviderClass::MdDo => "Physicians (MD, DO)",
        ProviderClass::NonMd => "Other providers",
    }
}

fn provider_classes(form: &Form) -> Vec<Tick> {
    let chosen = form.list("provider_class");
    ProviderClass::ALL
        .iter()
        .map(|class| Tick {
            value: class.as_str().to_owned(),
            label: class_label(*class).to_owned(),
            hint: (*class == ProviderClass::NonMd).then(|| {
                "Chiropractors, psychologists, podiatrists, dentists, optometrists, acupuncturists".to_owned()
            }),
            checked: chosen.iter().any(|c| c == class.as_str()),
        })
        .collect()
}
