//! Fields of a contact in an answer.

use domain::contact::ContactField;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// These fields and no others: what was not chosen or not given has no key.
pub(super) struct ContactFields(pub(super) Vec<(ContactField, String)>);

impl Serialize for ContactFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in &self.0 {
            map.serialize_entry(field.as_str(), value)?;
        }
        map.end()
    }
}
