//! HTTP tests of pages and API: a file per group of routes.

#![allow(clippy::unwrap_used)]

mod access;
mod accounts;
mod agreements;
mod answers;
mod api;
mod api_articles;
mod api_services;
mod api_writes;
mod client;
mod cut;
mod hostile;
mod house;
mod long;
mod news;
mod organizations;

mod engagements;
mod feeds;
mod first;
mod graph;
mod matching;
mod programs;
mod public;
mod stations;
mod uploads;
mod work;
