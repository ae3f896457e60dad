//! The landing page, the texts, and the choice of light or dark.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use frontend::pages::{Accessibility, Display, Home, HowItWorks, Privacy};
use search_index::{OpeningQuery, Sort};

use super::WebResult;
use super::form::{Form, local_path};
use super::openings::find;
use super::shell::{Shell, theme_cookie};
use super::words;
use crate::auth::Routes;
use crate::error::AppError;

/// How many openings the landing page shows.
const LATEST: usize = 3;

/// Routes.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get("/", home)
        .get("/how-it-works", how_it_works)
        .get("/privacy", privacy)
        .get("/accessibility", accessibility)
        .get("/display", display)
        .post("/display", set_display);
}

async fn home(shell: Shell) -> WebResult {
    let page = shell
        .app
        .read(|conn, app| {
            let query = OpeningQuery { sort: Sort::Newest, limit: LATEST, ..OpeningQuery::new(app.now()) };
            let found = find(conn, app, &query)?;
            let count = |n: usize| i64::try_from(n).ok();
            Ok(Home {
                openings: found.openings.iter().map(|o| words::row(o, app.now(), None)).collect(),
                open_count: count(found.total),
                market_count: count(found.facets.market.len()),
            })
        })
        .await?;
    shell.page(&page)
}

async fn how_it_works(shell: Shell) -> WebResult {
    shell.page(&HowItWorks {})
}

async fn privacy(shell: Shell) -> WebResult {
    shell.page(&Privacy { postal_address: shell.app.config.postal_address.clone() })
}

async fn accessibility(shell: Shell) -> WebResult {
    shell.page(&Accessibility {})
}

async fn display(shell: Shell, req: HttpRequest) -> WebResult {
    let query = Form::read(req.query_string())?;
    let page = Display { theme: shell.theme().to_owned(), back: way_back(&query) };
    shell.page(&page)
}

async fn set_display(shell: Shell, form: Form) -> WebResult {
    let theme = form.text("theme");
    if !matches!(theme, "system" | "light" | "dark") {
        let page = Display { theme: shell.theme().to_owned(), back: form.text("back").to_owned() };
        return shell.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let mut answer: HttpResponse = shell.done(local_path(form.text("back")).unwrap_or("/"), "Saved on this device.")?;
    answer.add_cookie(&theme_cookie(theme)).map_err(AppError::internal)?;
    Ok(answer)
}

/// The page the reader came from, when it is one of this site.
fn way_back(query: &Form) -> String {
    local_path(query.text("back")).filter(|path| !path.starts_with("/display")).unwrap_or("/").to_owned()
}
