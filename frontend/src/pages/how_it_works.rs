use serde::Serialize;

use crate::Page;

/// `/how-it-works`: what each side sees, and what never happens.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HowItWorks {}

impl Page for HowItWorks {
    const TEMPLATE: &'static str = "how_it_works";

    fn title(&self) -> String {
        "How it works".to_owned()
    }
}
