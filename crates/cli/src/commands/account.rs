//! `keqiao account`.

use std::io::Read;

use clap::ValueEnum;
use keqiao_app::accounts::{SignUp, create_api_token, ensure_account};
use keqiao_domain::{PlatformRole, Scope, Viewer};

use super::CommandError;
use crate::house;
use crate::output;
use crate::settings::SettingFlags;

/// A role on the platform.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Role {
    /// No role.
    None,
    /// Looks after engagements.
    Broker,
    /// Reviews, verifies, imports.
    Operator,
    /// All of it.
    Admin,
}

/// `keqiao account`
#[derive(Debug, clap::Args)]
pub(crate) struct AccountArgs {
    /// Mail address; an account that is there gets the role.
    email: String,
    /// The role.
    #[arg(long, value_enum, default_value = "none")]
    role: Role,
    /// Name, for a new account.
    #[arg(long, default_value = "")]
    name: String,
    /// Also make an API token of this name, with read and write scope, and print it.
    #[arg(long, value_name = "NAME")]
    token: Option<String>,
    #[command(flatten)]
    settings: SettingFlags,
}

pub(crate) async fn account(args: AccountArgs) -> Result<(), CommandError> {
    let house = house::open(&args.settings).await?;
    let mut password = String::new();
    if !args.name.is_empty() {
        // From standard input, so that it stands in no process list and no history.
        output::remark(format_args!("password (one line on standard input):"));
        std::io::stdin().take(1_024).read_to_string(&mut password)?;
    }
    let role = match args.role {
        Role::None => None,
        Role::Broker => Some(PlatformRole::Broker),
        Role::Operator => Some(PlatformRole::Operator),
        Role::Admin => Some(PlatformRole::Admin),
    };
    let input = SignUp {
        email: args.email,
        name: args.name,
        password: password.lines().next().unwrap_or_default().to_owned(),
        locale: "zh".into(),
    };
    let account = ensure_account(&house.app, input, role).await?;
    output::line(format_args!("{} {:?}", account.email, account.platform_role))?;
    if let Some(name) = &args.token {
        let viewer = Viewer { account: Some(account.id), ..Viewer::default() };
        let (secret, _) = create_api_token(&house.app, &viewer, name, vec![Scope::Read, Scope::Write]).await?;
        output::line(format_args!("{secret}"))?;
    }
    house.app.store.close().await;
    Ok(())
}
