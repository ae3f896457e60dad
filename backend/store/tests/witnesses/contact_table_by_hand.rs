//! The sealed document opened outside of the store.

use store::Vault;

fn unseal(vault: &Vault, row: &str, wrapped: &[u8], sealed: &[u8]) {
    let _ = vault.unseal(unreachable!(), row, 1, wrapped, sealed);
}

fn main() {}
