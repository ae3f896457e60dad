//! What surrounds every page: navigation by role, theme, the line after an action; and answers for errors.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::time::Duration as CookieLife;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ContentType, HeaderValue, LOCATION};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use domain::matching::MatchState;
use domain::standing::Role as AccountRole;
use frontend::pages::{ErrorPage, SendAgain};
use frontend::view::Link;
use frontend::{Chrome, Flash, FlashKind, Page, Private, Role};

use super::WebResult;
use super::form::Form;
use crate::app::App;
use crate::auth::{COOKIE, SESSION_LIFE, Says, SignedIn};
use crate::config::MailRoute;
use crate::error::AppError;

const THEME: &str = "rosterline_theme";
const FLASH: &str = "rosterline_flash";

/// A page's surroundings, made for each request.
pub struct Shell {
    /// Application.
    pub app: Data<App>,
    /// Who is asking.
    pub signed: SignedIn,
    chrome: Chrome,
}

impl Shell {
    /// The reader's choice of colours: `light`, `dark` or `system`.
    #[must_use]
    pub fn theme(&self) -> &str {
        self.chrome.theme.as_deref().unwrap_or("system")
    }

    /// A page with status 200.
    ///
    /// # Errors
    /// When the template fails.
    pub fn page<P: Page>(&self, page: &P) -> WebResult {
        self.page_with(StatusCode::OK, page)
    }

    /// A page with a status, for example 422 for a form with errors.
    ///
    /// # Errors
    /// When the template fails.
    pub fn page_with<P: Page>(&self, status: StatusCode, page: &P) -> WebResult {
        let html = self.app.renderer.page(page, &self.chrome).map_err(AppError::internal)?;
        let mut answer = HttpResponse::build(status);
        answer.insert_header(ContentType::html());
        if self.signed.session().is_some() {
            // What a signed-in person sees is nobody else's, and Back must not show it after signing out.
            answer.insert_header((CACHE_CONTROL, "no-store"));
        }
        if self.chrome.flash.is_some() {
            answer.cookie(spent(FLASH));
        }
        Ok(answer.body(html))
    }

    /// Goes to a path of this site, with a line that says what was done.
    ///
    /// # Errors
    /// Never; it is a result so that handlers end alike.
    pub fn done(&self, path: &str, line: &str) -> WebResult {
        let secure = self.app.public_url.starts_with("https://");
        let flash = Cookie::build(FLASH, encode(line))
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Lax)
            .finish();
        Ok(HttpResponse::SeeOther().insert_header((LOCATION, path.to_owned())).cookie(flash).finish())
    }
}

/// Goes to a path of this site.
///
/// # Errors
/// Never.
pub fn see_other(path: &str) -> WebResult {
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, path.to_owned())).finish())
}

/// Marks an answer that no cache may keep, since its address or its text is for one pair of eyes.
///
/// # Errors
/// Never.
pub fn not_kept(mut answer: HttpResponse) -> WebResult {
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

// A cookie's value may not hold spaces or quotes, so the line travels as hex.
fn encode(line: &str) -> String {
    line.bytes().map(|b| format!("{b:02x}")).collect()
}

fn decode(hex: &str) -> Option<String> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
    String::from_utf8(bytes).ok().filter(|t| t.len() <= 300)
}

fn spent(name: &'static str) -> Cookie<'static> {
    let mut cookie = Cookie::build(name, "").path("/").finish();
    cookie.make_removal();
    cookie
}

/// The cookie that keeps a browser signed in.
#[must_use]
pub fn set_session_cookie(app: &App, token: &str) -> Cookie<'static> {
    Cookie::build(COOKIE, token.to_owned())
        .path("/")
        .http_only(true)
        .secure(app.public_url.starts_with("https://"))
        .same_site(SameSite::Lax)
        .max_age(CookieLife::seconds(SESSION_LIFE.num_seconds()))
        .finish()
}

/// The cookie that signs a browser out.
#[must_use]
pub fn clear_session_cookie() -> Cookie<'static> {
    spent(COOKIE)
}

/// The cookie that keeps the reader's choice of light or dark; `system` forgets it.
#[must_use]
pub fn theme_cookie(choice: &str) -> Cookie<'static> {
    match choice {
        "light" | "dark" => Cookie::build(THEME, choice.to_owned())
            .path("/")
            .same_site(SameSite::Lax)
            .max_age(CookieLife::days(365))
            .finish(),
        _ => spent(THEME),
    }
}

async fn chrome(req: &HttpRequest, app: &App, signed: &SignedIn) -> Result<Chrome, AppError> {
    let theme = req.cookie(THEME).map(|c| c.value().to_owned()).filter(|t| t == "light" || t == "dark");
    let flash = req.cookie(FLASH).and_then(|c| decode(c.value())).map(|text| Flash { kind: FlashKind::Ok, text });
    let held = matches!(app.mail_route, MailRoute::Held);
    let mut chrome = Chrome {
        role: Role::Visitor,
        path: req.path().to_owned(),
        theme,
        flash,
        banner: None,
        demo: app.config.demo,
        who: None,
        new_matches: 0,
        queue: 0,
        from: req.uri().path_and_query().map_or_else(String::new, |p| p.as_str().to_owned()),
    };
    match signed {
        SignedIn::Visitor => {}
        SignedIn::Member(m) => {
            chrome.role = Role::Member;
            let id = m.member.id.clone();
            chrome.new_matches =
                app.read(move |conn, app| Ok(store::matches::count_open(conn, &id, app.now())?)).await?;
        }
        SignedIn::Seat(s) => {
            chrome.role = Role::Company;
            chrome.who = Some(s.company.name.clone());
        }
        // Whoever has to enrol first sees nothing of what waits behind it.
        SignedIn::Enrolling(_) => chrome.role = role_of(signed),
        SignedIn::Admin(_) => {
            chrome.role = Role::Admin;
            chrome.who = Some("Admin".to_owned());
            chrome.queue = app.read(|conn, _| queue_length(conn)).await?;
            if !app.ledger.faults().is_empty() {
                chrome.banner = Some("The ledger is not what was signed: entries may have been changed or taken out. `rosterline check` says where.".to_owned());
            } else if held {
                chrome.banner = Some("Mail is held: no mail server is set (ROSTERLINE_SMTP_URL). Sign-in links can be printed with `rosterline sign-in-link`.".to_owned());
            } else if let Some(banner) = app.read(mail_banner).await? {
                chrome.banner = Some(banner);
            } else if app.config.postal_address.is_none() {
                chrome.banner = Some("Alerts wait: no postal address is set (ROSTERLINE_POSTAL_ADDRESS).".to_owned());
            }
        }
    }
    Ok(chrome)
}

/// What an admin must do before mail goes out again.
fn mail_banner(conn: &mut store::Conn, app: &App) -> Result<Option<String>, AppError> {
    if !app.post.place.is_armed(conn)? {
        return Ok(Some(
            "Only sign-in mail goes out: this database came from somewhere else. Say on the mail page whether it lives here now."
                .to_owned(),
        ));
    }
    let stopped = store::mail_streams::stopped(conn)?;
    Ok(stopped.first().map(|_| "Mail was stopped: the mail server refuses it. The mail page says why.".to_owned()))
}

fn queue_length(conn: &mut store::Conn) -> Result<i64, AppError> {
    use domain::standing::{CompanyStanding, MemberStanding};
    let members = store::members::count(conn, MemberStanding::Pending)?;
    let companies = store::companies::count(conn, CompanyStanding::Pending)?;
    let openings = store::openings::count(conn, domain::opening::OpeningStatus::Submitted)?;
    let disputes = store::disputes::count_waiting(conn)?;
    let matches = store::matches::count(conn, MatchState::Held)?;
    Ok(members + companies + openings + disputes + i64::from(matches > 0))
}

impl Says for Shell {}

impl FromRequest for Shell {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed = SignedIn::from_request(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let signed = signed.await?;
            let app =
                req.app_data::<Data<App>>().cloned().ok_or_else(|| AppError::internal("the application is not set"))?;
            let chrome = chrome(&req, &app, &signed).await?;
            Ok(Self { app, signed, chrome })
        })
    }
}

/// The page for an error, with the navigation of whoever asked; `None` when even that fails, and a constant text must
/// do. `wants` is the path and query that were asked for, `sent` a form to be kept so that it can be sent again.
#[must_use]
pub fn error_page(
    app: &App,
    error: &AppError,
    wants: &str,
    request_id: &str,
    signed: Option<&SignedIn>,
    sent: Option<&Form>,
) -> Option<String> {
    let path = wants.split('?').next().unwrap_or(wants);
    let (heading, todo) = match error {
        AppError::NotFound => ("Page not found", "Check the address, or look through the openings."),
        AppError::SignIn => ("Sign in first", "Ask for a sign-in link; it comes by mail and works for 15 minutes."),
        AppError::FreshSignIn => (
            "Confirm that it is you",
            "Your last sign-in is too long ago for this step. Confirm that it is you, then repeat it.",
        ),
        AppError::Enrol => ("Set up your second step", "Open your account page and set it up; it takes a minute."),
        AppError::Forbidden(_) => ("Not allowed", "If you think this is wrong, write to the community team."),
        AppError::CrossSite => ("Not carried out", "Open the page on this site and repeat the step there."),
        AppError::Conflict(_)
        | AppError::ContactInText(_)
        | AppError::InProgress
        | AppError::KeyReused
        | AppError::AlreadyDone => ("Not possible now", "Go back, reload the page and look at how things stand."),
        AppError::Gone(_) => ("No longer here", "Look through the openings for similar ones."),
        AppError::Invalid(_) => ("Something needs another look", "Go back and check the fields."),
        AppError::Malformed(_) | AppError::MediaType | AppError::Method => {
            ("Not understood", "Go back and use the form on the page.")
        }
        AppError::TooLarge => ("Too large", "Shorten what you sent and try again."),
        AppError::TooMany(_) => {
            ("Too often for now", "Nothing was carried out this time, and nothing that was done before is lost.")
        }
        AppError::ReachSpent(_) | AppError::ReachLocked => {
            ("No more areas for now", "The areas you have looked at stay open on the pages of your openings.")
        }
        AppError::Busy => ("Busy", "Try again in a moment; nothing was lost or half done."),
        AppError::Internal(_) => (
            "Our fault",
            "Nothing was half done. Try again; if it happens again, tell the community team the number below.",
        ),
    };
    let page = ErrorPage {
        status: i64::from(error.status().as_u16()),
        heading: heading.to_owned(),
        what: error.to_string(),
        todo: todo.to_owned(),
        request_id: request_id.to_owned(),
        first: matches!(error, AppError::FreshSignIn).then(|| Link::new("/account/confirm", "Confirm that it is you")),
        again: sent.map(|form| SendAgain { action: Private::from(wants), fields: form.hidden() }),
    };
    let chrome = Chrome {
        role: signed.map_or(Role::Visitor, role_of),
        path: path.to_owned(),
        theme: None,
        flash: None,
        banner: None,
        demo: app.config.demo,
        who: None,
        new_matches: 0,
        queue: 0,
        from: path.to_owned(),
    };
    app.renderer.page(&page, &chrome).ok()
}

fn role_of(signed: &SignedIn) -> Role {
    match signed {
        SignedIn::Visitor => Role::Visitor,
        SignedIn::Member(_) => Role::Member,
        SignedIn::Seat(_) => Role::Company,
        SignedIn::Admin(_) => Role::Admin,
        SignedIn::Enrolling(e) => match e.session.account.role {
            AccountRole::Member => Role::Member,
            AccountRole::Company => Role::Company,
            AccountRole::Admin => Role::Admin,
        },
    }
}
