//! Pages and API over the app.
//!
//! What every page shares stands here: [`assets`] with their hashed addresses,
//! [`locale`] with the words in both languages, and [`page`] with the frame and
//! the pieces that the macros of `templates/macros.html` draw. A request walks
//! [`router`] → a handler of `pages/` or `api/` → a use case of the app.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api;
pub mod assets;
mod cache;
mod fault;
mod fields;
mod label;
mod limit;
pub mod locale;
pub mod page;
mod pages;
mod routes;
mod server;
mod state;
mod token;
mod visit;

pub use axum::Router;
pub use fault::fault_words;
pub use routes::{RouteInfo, route_list};
pub use server::{router, serve};
pub use state::WebSettings;
