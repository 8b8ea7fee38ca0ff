//! Settings: flags over environment (`KEQIAO_…`) over keqiao.toml over defaults.
//! All faults of a file are reported together.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use keqiao_domain::Zone;
use serde_spanned::Spanned;

/// What an operator sets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    /// Where the server listens.
    pub(crate) listen: SocketAddr,
    /// Database URL; none: a SQLite file in the data folder.
    pub(crate) database: Option<String>,
    /// Address under which people reach this installation.
    pub(crate) public_url: Option<String>,
    /// SMTP server; none: mail goes to `mail.log` in the data folder.
    pub(crate) smtp_url: Option<String>,
    /// Sender of mail.
    pub(crate) mail_from: String,
    /// S3 bucket for attachments; none: a folder in the data folder.
    pub(crate) s3_bucket: Option<String>,
    /// Endpoint of S3-compatible storage.
    pub(crate) s3_endpoint: Option<String>,
    /// Where vectors of meaning are asked for; none: the store's own texts teach them.
    pub(crate) embedding_url: Option<String>,
    /// The model's name there.
    pub(crate) embedding_model: String,
    /// The token it wants.
    pub(crate) embedding_key: Option<String>,
    /// Largest attachment, MiB.
    pub(crate) attachment_limit_mib: u64,
    /// Largest import file, MiB.
    pub(crate) import_limit_mib: u64,
    /// Whether anyone may sign up.
    pub(crate) open_sign_up: bool,
    /// Whether requests come through a proxy that sets `X-Forwarded-For`.
    pub(crate) behind_proxy: bool,
    /// Read connections to the database.
    pub(crate) read_connections: u32,
    /// Time zone of the pages, by whose days engagements rest.
    pub(crate) time_zone: Zone,
    /// How many requests may wait for one party's answer.
    pub(crate) open_requests_per_party: i64,
    /// How many requests of one party may wait for others' answers.
    pub(crate) open_requests_by_party: i64,
    /// How many listings of one party stand among the first ten matches.
    pub(crate) matches_per_party: usize,
    /// From how many waiting requests on a party stands behind others.
    pub(crate) busy_from_requests: i64,
    /// Days until a party may be asked again by one that withdrew before it had answered.
    pub(crate) withdrawal_pause_days: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: None,
            public_url: None,
            smtp_url: None,
            mail_from: "keqiao@localhost".into(),
            s3_bucket: None,
            s3_endpoint: None,
            embedding_url: None,
            embedding_model: "text-embedding-3-small".into(),
            embedding_key: None,
            attachment_limit_mib: 20,
            import_limit_mib: 64,
            open_sign_up: true,
            behind_proxy: false,
            read_connections: 4,
            time_zone: Zone::default(),
            open_requests_per_party: 20,
            open_requests_by_party: 100,
            matches_per_party: 3,
            busy_from_requests: 10,
            withdrawal_pause_days: 7,
        }
    }
}

/// Flags that override settings.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct SettingFlags {
    /// Folder that holds database, index, attachments and keqiao.toml.
    #[arg(long, env = "KEQIAO_DATA", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Settings file; default: keqiao.toml in the data folder, if there is one.
    #[arg(long, env = "KEQIAO_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Database: `postgres://user:password@host/name`; default: a SQLite file in the data folder.
    #[arg(long)]
    pub(crate) database: Option<String>,
}

/// One fault of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingFault {
    /// File and line, or the environment variable.
    pub(crate) place: String,
    /// What is wrong and how to mend it.
    pub(crate) reason: String,
}

impl Settings {
    /// Reads the settings for a data folder.
    pub(crate) fn read(flags: &SettingFlags) -> Result<Self, Vec<SettingFault>> {
        let mut settings = Self::default();
        let mut faults = Vec::new();
        let path = flags.config.clone().unwrap_or_else(|| flags.data.join("keqiao.toml"));
        if flags.config.is_some() || path.exists() {
            settings.read_file(&path, &mut faults);
        }
        for (name, value) in std::env::vars() {
            let Some(key) = name.strip_prefix("KEQIAO_") else { continue };
            let key = key.to_lowercase();
            if KEYS.contains(&key.as_str()) {
                // In the environment everything is text; a number or boolean is read as TOML.
                let parsed = value
                    .parse::<toml::Value>()
                    .ok()
                    .filter(|v| !v.is_table())
                    .unwrap_or_else(|| toml::Value::String(value.clone()));
                if let Err(reason) = settings.set(&key, &parsed) {
                    faults.push(SettingFault { place: name, reason });
                }
            }
        }
        if let Some(database) = &flags.database {
            settings.database = Some(database.clone());
        }
        if faults.is_empty() { Ok(settings) } else { Err(faults) }
    }

    fn read_file(&mut self, path: &Path, faults: &mut Vec<SettingFault>) {
        let place = |line: usize| format!("{}:{line}", path.display());
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) => {
                let reason = format!("cannot be read: {e}");
                faults.push(SettingFault { place: path.display().to_string(), reason });
                return;
            }
        };
        let line_at = |byte: usize| text[..byte.min(text.len())].matches('\n').count() + 1;
        let table: BTreeMap<Spanned<String>, toml::Value> = match toml::from_str(&text) {
            Ok(table) => table,
            Err(e) => {
                let line = e.span().map_or(1, |s| line_at(s.start));
                faults.push(SettingFault { place: place(line), reason: e.message().to_owned() });
                return;
            }
        };
        let mut entries: Vec<_> = table.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            if let Err(reason) = self.set(key.get_ref(), &value) {
                faults.push(SettingFault { place: place(line_at(key.span().start)), reason });
            }
        }
    }

    /// Sets one value by its key.
    fn set(&mut self, key: &str, value: &toml::Value) -> Result<(), String> {
        let text = || value.as_str().map(str::to_owned).ok_or_else(|| format!("{key}: write a text in quotes"));
        let optional = || text().map(|t| Some(t).filter(|t| !t.is_empty()));
        let truth = || value.as_bool().ok_or_else(|| format!("{key}: write true or false"));
        let number = |least: i64, most: i64| {
            value
                .as_integer()
                .filter(|n| (least..=most).contains(n))
                .ok_or_else(|| format!("{key}: write a number from {least} to {most}"))
        };
        match key {
            "listen" => {
                self.listen =
                    text()?.parse().map_err(|_| format!("{key}: write address and port, like \"127.0.0.1:8080\""))?;
            }
            "database" => self.database = optional()?,
            "public_url" => {
                let url = text()?;
                if !(url.starts_with("http://") || url.starts_with("https://")) {
                    return Err(format!("{key}: write an address that begins with http:// or https://"));
                }
                self.public_url = Some(url.trim_end_matches('/').to_owned());
            }
            "smtp_url" => self.smtp_url = optional()?,
            "mail_from" => self.mail_from = text()?,
            "s3_bucket" => self.s3_bucket = optional()?,
            "s3_endpoint" => self.s3_endpoint = optional()?,
            "embedding_url" => self.embedding_url = optional()?,
            "embedding_model" => self.embedding_model = text()?,
            "embedding_key" => self.embedding_key = optional()?,
            "attachment_limit_mib" => self.attachment_limit_mib = number(1, 10_240)?.unsigned_abs(),
            "import_limit_mib" => self.import_limit_mib = number(1, 10_240)?.unsigned_abs(),
            "open_sign_up" => self.open_sign_up = truth()?,
            "behind_proxy" => self.behind_proxy = truth()?,
            "time_zone" => self.time_zone = text()?.parse().map_err(|e| format!("{key}: {e}"))?,
            "open_requests_per_party" => self.open_requests_per_party = number(1, 100_000)?,
            "open_requests_by_party" => self.open_requests_by_party = number(1, 100_000)?,
            "matches_per_party" => self.matches_per_party = usize::try_from(number(1, 10)?).unwrap_or(3),
            "busy_from_requests" => self.busy_from_requests = number(1, 100_000)?,
            "withdrawal_pause_days" => self.withdrawal_pause_days = number(0, 365)?,
            "read_connections" => {
                self.read_connections = u32::try_from(number(1, 256)?).unwrap_or(4);
            }
            _ => return Err(format!("{key}: there is no such setting; there are {}", KEYS.join(", "))),
        }
        Ok(())
    }
}

const KEYS: [&str; 21] = [
    "listen",
    "database",
    "public_url",
    "smtp_url",
    "mail_from",
    "s3_bucket",
    "s3_endpoint",
    "embedding_url",
    "embedding_model",
    "embedding_key",
    "attachment_limit_mib",
    "import_limit_mib",
    "open_sign_up",
    "behind_proxy",
    "read_connections",
    "time_zone",
    "open_requests_per_party",
    "open_requests_by_party",
    "matches_per_party",
    "busy_from_requests",
    "withdrawal_pause_days",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_of_a_file_are_told_at_once_with_their_lines() {
        let dir = tempfile::tempdir().unwrap();
        let text = "listen = \"everywhere\"\nmail_from = \"a@b.example\"\nopen_sign_up = \"maybe\"\nnonsense = 1\n";
        std::fs::write(dir.path().join("keqiao.toml"), text).unwrap();
        let flags = SettingFlags { data: dir.path().to_owned(), ..SettingFlags::default() };
        let faults = Settings::read(&flags).unwrap_err();
        let lines: Vec<&str> = faults.iter().map(|f| f.place.rsplit(':').next().unwrap()).collect();
        assert_eq!(lines, ["1", "3", "4"]);
        assert!(faults[2].reason.contains("there is no such setting"));
    }

    #[test]
    fn a_file_is_read_and_a_missing_one_is_no_fault() {
        let dir = tempfile::tempdir().unwrap();
        let flags = SettingFlags { data: dir.path().to_owned(), ..SettingFlags::default() };
        assert_eq!(Settings::read(&flags).unwrap(), Settings::default());
        std::fs::write(dir.path().join("keqiao.toml"), "listen = \"0.0.0.0:80\"\nread_connections = 8\n").unwrap();
        let read = Settings::read(&flags).unwrap();
        assert_eq!((read.listen.port(), read.read_connections), (80, 8));
    }
}
