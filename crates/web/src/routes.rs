//! Routes, kept in a list beside the router, so that tests can walk every one.

use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodRouter;

use crate::state::Web;

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteInfo {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: &'static str,
}

/// A router that remembers what was put into it.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Web>,
    list: Vec<RouteInfo>,
}

macro_rules! methods {
    ($($name:ident $method:ident),*) => {$(
        pub(crate) fn $name<H, T>(self, path: &'static str, handler: H) -> Self
        where
            H: Handler<T, Web>,
            T: 'static,
        {
            self.add(stringify!($method), path, axum::routing::$name(handler))
        }
    )*};
}

impl Routes {
    methods!(get GET, post POST, put PUT);

    fn add(mut self, method: &'static str, path: &'static str, handler: MethodRouter<Web>) -> Self {
        self.list.push(RouteInfo { method, path });
        self.router = self.router.route(path, handler);
        self
    }

    /// All of another's routes too.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    pub(crate) fn into_parts(self) -> (Router<Web>, Vec<RouteInfo>) {
        (self.router, self.list)
    }

    /// Puts a layer around all routes so far.
    pub(crate) fn map_router(mut self, change: impl FnOnce(Router<Web>) -> Router<Web>) -> Self {
        self.router = change(self.router);
        self
    }
}

/// Every route of pages and API, sorted.
#[must_use]
pub fn route_list() -> Vec<RouteInfo> {
    let (_, mut list) = crate::server::all_routes().into_parts();
    list.sort();
    list
}
