//! One table for what a router serves and what its document describes.

/// `served! { Api, "title", under "/api/v1/{tenant}", schemas [dto::Receipt], get "/petitions" lists::list, ... }` makes
/// `json()`, the router, and `document()`, its description: a handler that isn't described doesn't compile, and a test holds
/// method and path of both together.
#[macro_export]
macro_rules! served {
    (
        $state:ty, $title:tt, under $under:tt, schemas [$($schemas:tt)*],
        $($method:ident $path:literal $module:ident::$handler:ident,)*
    ) => {
        fn json() -> ::axum::Router<$state> {
            let routes = ::axum::Router::new()$(.route($path, ::axum::routing::$method($module::$handler)))*;
            ::axum::Router::new().nest($under, routes)
        }

        #[derive(::utoipa::OpenApi)]
        #[openapi(
            info(title = $title, version = "1", license(name = "Apache-2.0")),
            paths($($module::$handler),*),
            components(schemas($($schemas)*))
        )]
        struct Described;

        /// The description of the JSON routes, OpenAPI 3.1.
        #[must_use]
        pub fn document() -> ::utoipa::openapi::OpenApi {
            $crate::http::openapi::with_shared(<Described as ::utoipa::OpenApi>::openapi())
        }

        #[cfg(test)]
        mod served {
            #[test]
            fn what_is_served_is_described_and_the_other_way_round() {
                let served = [$((stringify!($method), concat!($under, $path))),*];
                $crate::http::openapi::assert_describes(&super::document(), &served);
            }
        }
    };
}
