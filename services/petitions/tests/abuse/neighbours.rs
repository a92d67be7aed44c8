//! More of a house: what it keeps on the disk, tenants beside each other, a tenant whose policy changes.

use std::path::PathBuf;

use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt as _;
use radslag_kernel::Role;
use radslag_petitions::http::{routes, state};
use radslag_runtime::{http::Peer, serve::Shutdown};
use tower::ServiceExt as _;

use super::{Answer, Called, House};

impl House {
    /// Every file that stands on the disk, with its bytes.
    pub(crate) fn everything_kept(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let (mut files, mut folders) = (Vec::new(), vec![self.folder.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        files
    }

    /// Another tenant, under a policy.
    pub(crate) async fn called(name: &str, policy: &str) -> Self {
        let called = Called { tenant: name, policy };
        Self::open_on(None, tempfile::tempdir().unwrap(), called, |_| {}, true).await
    }

    /// The process ends, the tenant takes another policy, and another process begins.
    pub(crate) async fn restart_under(self, policy: &str) -> Self {
        Self::open(self.end().await, policy, |_| {}, true).await
    }

    /// Both tenants served by one process; this one's tokens are known.
    pub(crate) fn beside(&self, other: &Self) -> Router {
        let offices = [self, other].map(|house| (house.office.tenant.id.clone(), Ok(house.office.clone())));
        self.kit.wrap(routes(state(self.kit.clone(), offices.into(), Shutdown::default()).unwrap()))
    }

    /// A token of another tenant's, from the same issuer.
    pub(crate) fn token_of(&self, tenant: &str, role: Role, subject: &str) -> String {
        self.granted_in(tenant, role, subject, None)
    }

    /// The first event of a stream.
    pub(crate) async fn first_event(&self, path: &str) -> String {
        let mut request = Request::get(format!("/api/v1/malmo{path}")).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(([198, 51, 100, 1], 4711).into()));
        let mut body = self.app.clone().oneshot(request).await.unwrap().into_body();
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8(frame.to_vec()).unwrap()
    }

    /// Reads from an application of several tenants.
    pub(crate) async fn read(app: &Router, path: &str, token: Option<&str>) -> Answer {
        let mut request = Request::get(path).header("host", "malmo.example");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        Self::answered(app, request.body(Body::empty()).unwrap()).await
    }
}
