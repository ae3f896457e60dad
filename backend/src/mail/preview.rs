//! A mail as an admin may read it: rendered as it would be now, without the links that act for their reader.

use domain::MailId;
use store::Conn;
use store::outbox;

use super::render;
use crate::app::App;
use crate::error::AppError;

/// Where links begin that are worth something to whoever has them.
const SECRET: [&str; 2] = ["/mail/", "/sign-in/"];

/// Subject and text; `None` when what it tells of is over or gone.
///
/// # Errors
/// `NotFound` when there is no such mail.
pub fn letter(conn: &mut Conn, app: &App, id: &MailId) -> Result<Option<(String, String)>, AppError> {
    let mail = outbox::peek(conn, id)?;
    match render::draft(conn, app, &mail) {
        Ok(Some(draft)) => Ok(Some((draft.mail.subject, blunt(&draft.mail.text)))),
        Ok(None) | Err(AppError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The text with every such link cut off.
fn blunt(text: &str) -> String {
    let cut = |word: &str| {
        let at = SECRET.iter().filter_map(|path| word.find(path).map(|at| at + path.len())).min();
        at.and_then(|at| word.get(..at)).map_or_else(|| word.to_owned(), |start| format!("{start}…"))
    };
    let line = |line: &str| line.split(' ').map(cut).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_act_are_cut_off_and_others_stay() {
        let text = "See https://b.example/openings/1 or\nstop: https://b.example/mail/stop/SECRET now\n(https://b.example/sign-in/SECRET)";
        let want =
            "See https://b.example/openings/1 or\nstop: https://b.example/mail/… now\n(https://b.example/sign-in/…";
        assert_eq!(blunt(text), want);
    }
}
