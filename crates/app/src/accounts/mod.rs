//! Accounts: signing up, in and out, passwords, colleagues, tokens.

mod api_tokens;
mod colleagues;
mod password;
mod profile;
mod session;
mod sign_up;

pub use api_tokens::{api_tokens, create_api_token, revoke_api_token, token_viewer};
pub use colleagues::{
    Colleague, OpenInvitation, accept_invitation, colleagues, invite_colleague, remove_colleague, set_colleague_role,
    show_invitation, withdraw_invitation,
};
pub use password::{change_password, request_reset, reset_password};
pub use profile::{
    ProfileInput, account_page, ensure_account, profile, set_disabled, set_platform_role, update_profile,
};
pub use session::{SignedIn, session_viewer, sign_in, sign_out, sign_out_everywhere, viewer_of};
pub use sign_up::{DemoAccount, SignUp, create_demo_account, may_sign_up, sign_up};

use keqiao_domain::Account;
use keqiao_store::{Conn, accounts};

use crate::{AppError, Fault};

/// Fewest characters of a password (NIST SP 800-63B-4: 8 with rate limits; no composition rules).
const PASSWORD_MIN_CHARS: usize = 8;
/// Most characters; longer ones cost hashing time and help nobody.
const PASSWORD_MAX_CHARS: usize = 256;

fn check_new_password(password: &str, faults: &mut Vec<Fault>) {
    let count = password.chars().count();
    if count < PASSWORD_MIN_CHARS {
        faults.push(Fault::with("password", "too-short", PASSWORD_MIN_CHARS));
    } else if count > PASSWORD_MAX_CHARS {
        faults.push(Fault::with("password", "too-long", PASSWORD_MAX_CHARS));
    }
}

/// A mail address good enough to send to: one `@`, a dot in the domain, no white space.
fn check_email(email: &str, faults: &mut Vec<Fault>) {
    let well_formed = email.len() <= 254
        && email.parse::<lettre::Address>().is_ok_and(|a| a.domain().contains('.') || a.domain() == "localhost");
    if !well_formed {
        faults.push(Fault::new("email", "not-an-email"));
    }
}

fn check_name(name: &str, faults: &mut Vec<Fault>) {
    if name.trim().is_empty() {
        faults.push(Fault::new("name", "required"));
    } else if name.chars().count() > 80 {
        faults.push(Fault::with("name", "too-long", 80));
    }
}

/// Stores an account whose `version` was raised by one.
pub(crate) async fn update_account(tx: &mut Conn, account: &Account) -> Result<(), AppError> {
    if accounts::update(tx, account, account.version - 1).await? {
        return Ok(());
    }
    let current = accounts::find(tx, account.id).await?.ok_or(AppError::NotFound)?.version;
    Err(AppError::Stale { current })
}
