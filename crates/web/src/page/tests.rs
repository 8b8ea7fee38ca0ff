use keqiao_domain::{Interval, Timestamp};

use super::*;
use crate::locale::Preferences;

fn frame(locale: Locale) -> Frame {
    let preferences = Preferences { locale, theme: None };
    Frame::new(preferences, "/hall?q=%E7%A2%B3&lang=zh&side=need", "", Arc::default())
}

#[test]
fn a_day_is_that_of_the_pages_zone() {
    let at: Timestamp = "2026-11-20T17:30:00Z".parse().unwrap();
    assert_eq!(frame(Locale::Zh).date(&at), "2026-11-21");
    assert_eq!(frame(Locale::Zh).long_date(&at), "2026年11月21日");
    assert_eq!(frame(Locale::En).long_date(&at), "21 November 2026");
    assert_eq!(frame(Locale::En).datetime(&at), "2026-11-21 01:30");
    assert_eq!(frame(Locale::En).date(&Timestamp::from_micros(i64::MAX)), i64::MAX.to_string());
}

#[test]
fn the_pages_zone_is_the_installations() {
    let berlin = Frame { zone: "Europe/Berlin".parse().unwrap(), ..frame(Locale::Zh) };
    let at: Timestamp = "2026-07-20T22:30:00Z".parse().unwrap();
    assert_eq!((berlin.date(&at).as_str(), berlin.datetime(&at).as_str()), ("2026-07-21", "2026-07-21 00:30"));
    assert_eq!(berlin.long_date(&at), "2026年7月21日");
    assert_eq!(frame(Locale::Zh).datetime(&at), "2026-07-21 06:30");
}

#[test]
fn an_interval_speaks_the_language_of_the_page() {
    let i = Interval { min: Some(-40.0), max: Some(1250.5), unit: "℃".into() };
    assert_eq!(frame(Locale::Zh).interval(&i), "−40 ~ 1,250.5 ℃");
    assert_eq!(frame(Locale::En).interval(&i), "−40 to 1,250.5 ℃");
    let open = Interval { min: None, max: Some(5.0), unit: "mΩ".into() };
    assert_eq!(frame(Locale::En).interval(&open), "≤5 mΩ");
}

#[test]
fn a_switch_keeps_the_page_and_not_the_other_switch() {
    let f = frame(Locale::Zh);
    assert_eq!(f.with("lang", "en"), "/hall?q=%E7%A2%B3&side=need&lang=en");
    assert_eq!(f.with("side", "offer"), "/hall?q=%E7%A2%B3&side=offer");
    assert!(f.is_at("/hall") && !f.is_at("/ha") && !f.is_at("/hall/1"));
}

#[test]
fn sizes_are_short() {
    let f = frame(Locale::En);
    assert_eq!([f.size(&999), f.size(&12_345), f.size(&3_400_000)], ["999 B", "12 KB", "3.4 MB"]);
}
