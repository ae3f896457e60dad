//! Parts of California that made-up companies work in, as slugs of markets and codes of states.

/// Every market there is.
pub(super) const ANYWHERE: &[&str] = &[];
/// The whole state.
pub(super) const CALIFORNIA: &[&str] = &["CA"];
pub(super) const SOUTH: &[&str] =
    &["los-angeles", "riverside", "san-diego", "oxnard", "bakersfield", "santa-maria", "el-centro"];
pub(super) const INLAND: &[&str] = &["riverside", "los-angeles", "el-centro", "bakersfield"];
pub(super) const COAST: &[&str] = &["oxnard", "santa-maria", "san-luis-obispo", "salinas", "santa-cruz", "los-angeles"];
pub(super) const BAY: &[&str] = &["san-francisco", "san-jose", "vallejo", "santa-rosa", "napa"];
pub(super) const NORTH: &[&str] =
    &["san-francisco", "san-jose", "sacramento", "santa-rosa", "vallejo", "redding", "eureka", "ukiah"];
pub(super) const VALLEY: &[&str] =
    &["sacramento", "fresno", "bakersfield", "stockton", "modesto", "visalia", "merced", "hanford"];
pub(super) const NORTH_VALLEY: &[&str] = &["sacramento", "stockton", "modesto", "chico", "yuba-city", "redding"];
