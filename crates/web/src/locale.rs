//! The words of the pages, in both languages.
//!
//! `locales/<locale>/*.ftl` hold the messages (Project Fluent). Messages
//! without arguments are formatted once; a test compares the two languages and
//! looks for keys that no page uses.

mod preferences;
mod word;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use preferences::{Preferences, Theme, remember};
pub use word::{ARGUMENT_ROLES, Word};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

#[derive(rust_embed::Embed)]
#[folder = "locales"]
struct Files;

struct Messages {
    /// Messages without arguments, formatted.
    plain: HashMap<String, String>,
    bundle: FluentBundle<FluentResource>,
}

static ZH: LazyLock<Messages> = LazyLock::new(|| Messages::read(Locale::Zh));
static EN: LazyLock<Messages> = LazyLock::new(|| Messages::read(Locale::En));

impl Messages {
    /// The messages are compiled in and tested, so a fault here is one of the build.
    fn read(locale: Locale) -> Self {
        let language = locale.tag().parse().expect("a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(group_number));
        let mut keys = Vec::new();
        for source in sources(locale) {
            keys.extend(keys_of(&source).map(str::to_owned));
            let resource = FluentResource::try_new(source).map_err(|(_, faults)| faults);
            let resource = resource.expect("a well-formed message file");
            bundle.add_resource(resource).expect("each message once");
        }
        let mut plain = HashMap::new();
        for key in keys {
            let pattern = bundle.get_message(&key).and_then(|message| message.value());
            let mut faults = Vec::new();
            if let Some(pattern) = pattern {
                let text = bundle.format_pattern(pattern, None, &mut faults).into_owned();
                if faults.is_empty() {
                    plain.insert(key, text);
                }
            }
        }
        Self { plain, bundle }
    }
}

/// The message files of a locale.
fn sources(locale: Locale) -> Vec<String> {
    let folder = format!("{}/", locale.as_str());
    let mut names: Vec<_> = Files::iter().filter(|name| name.starts_with(&folder)).collect();
    names.sort();
    let files = names.iter().filter_map(|name| Files::get(name));
    files.map(|file| String::from_utf8_lossy(&file.data).into_owned()).collect()
}

/// The keys of a message file, in their order.
fn keys_of(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let (key, _) = line.split_once(" =")?;
        key.starts_with(|c: char| c.is_ascii_lowercase()).then_some(key)
    })
}

/// Numbers in messages are grouped by thousands, as everywhere else on the pages.
fn group_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(group(&number.as_string())),
        _ => None,
    }
}

/// Groups the digits before the decimal point by thousands: `12345.6` → `12,345.6`.
#[must_use]
pub fn group(number: &str) -> String {
    let (sign, rest) = match number.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", number),
    };
    let (whole, fraction) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let mut out = String::with_capacity(number.len() + 4);
    out.push_str(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(fraction);
    out
}

/// Reads all messages; called at start so that no request waits for it.
pub fn load() {
    LazyLock::force(&ZH);
    LazyLock::force(&EN);
}

impl Locale {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// `zh` or `en`: in cookies, accounts and the catalog's names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
    /// The tag for `lang` attributes.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
    /// From a language tag (`zh`, `en-GB`, `zh-Hant-TW`).
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|l| primary.eq_ignore_ascii_case(l.as_str()))
    }

    fn messages(self) -> &'static Messages {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// A message without arguments. An unknown key is logged and shown as itself.
    #[must_use]
    pub fn t(self, key: &'static str) -> &'static str {
        self.messages().plain.get(key).map_or_else(
            || {
                tracing::error!(key, locale = self.as_str(), "no such message");
                key
            },
            String::as_str,
        )
    }

    /// A message whose key is put together at run time; `None`: there is none.
    #[must_use]
    pub fn find(self, key: &str) -> Option<&'static str> {
        self.messages().plain.get(key).map(String::as_str)
    }

    /// A message with one argument.
    #[must_use]
    pub fn t1(self, key: &'static str, name: &'static str, value: impl fmt::Display) -> String {
        self.format(key, &[(name, &value)])
    }

    /// A message with two arguments.
    #[must_use]
    pub fn t2(
        self,
        key: &'static str,
        name: &'static str,
        value: impl fmt::Display,
        second: &'static str,
        other: impl fmt::Display,
    ) -> String {
        self.format(key, &[(name, &value), (second, &other)])
    }

    /// A message about a number of things: the argument `n` is a number, chooses
    /// the plural form and is grouped by thousands.
    #[must_use]
    pub fn tn(self, key: &'static str, n: impl fmt::Display) -> String {
        self.format(key, &[("n", &n)])
    }

    /// A message with any arguments. `n` is a number, all others are text.
    #[must_use]
    pub fn format(self, key: &'static str, values: &[(&'static str, &dyn fmt::Display)]) -> String {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            let text = value.to_string();
            let value = if *name == "n" { FluentValue::try_number(&text).into_owned() } else { text.into() };
            arguments.set(*name, value);
        }
        let bundle = &self.messages().bundle;
        let mut faults = Vec::new();
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        let text = pattern.map(|p| bundle.format_pattern(p, Some(&arguments), &mut faults));
        if text.is_none() || !faults.is_empty() {
            tracing::error!(key, locale = self.as_str(), ?faults, "message cannot be formatted");
        }
        text.map_or_else(|| key.to_owned(), std::borrow::Cow::into_owned)
    }
}

#[cfg(test)]
mod tests;
