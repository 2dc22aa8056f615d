//! TLS in front of a stand-in, with a certificate of its own that nobody trusts who was not told to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A listener on a loopback port of its own that ends TLS and passes on what it reads; it ends when it is dropped.
#[derive(Debug)]
pub struct Tls {
    address: SocketAddr,
    certificate: String,
    task: JoinHandle<()>,
}

impl Tls {
    /// Starts one in front of this `http://` endpoint.
    ///
    /// # Errors
    /// When there is no loopback port, or no certificate can be made.
    pub async fn before(endpoint: &str) -> io::Result<Self> {
        let behind = endpoint.trim_start_matches("http://").to_owned();
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).map_err(io::Error::other)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key))
            .map_err(io::Error::other)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, behind) = (acceptor.clone(), behind.clone());
                connections.spawn(async move {
                    let mut outside = acceptor.accept(stream).await?;
                    let mut inside = TcpStream::connect(behind).await?;
                    tokio::io::copy_bidirectional(&mut outside, &mut inside).await
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, certificate: cert.pem(), task })
    }

    /// Where it listens: `https://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Its certificate (PEM), which is its own authority.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.task.abort();
    }
}
