//! One client that keeps its connection: HTTP/1.1, as far as the program's answers need it.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;

use crate::Failure;

/// A client.
pub(crate) struct Client {
    stream: BufStream<TcpStream>,
    head: String,
}

impl Client {
    pub(crate) async fn connect(at: &str, token: &str) -> Result<Self, Failure> {
        let stream = BufStream::new(TcpStream::connect(at).await?);
        Ok(Self { stream, head: format!("Host: {at}\r\nAuthorization: Bearer {token}\r\n\r\n") })
    }

    /// Asks, and reads the answer whole; anything but 200 is an error.
    pub(crate) async fn get(&mut self, path: &str) -> Result<(), Failure> {
        self.stream.write_all(format!("GET {path} HTTP/1.1\r\n{}", self.head).as_bytes()).await?;
        self.stream.flush().await?;
        let mut status = String::new();
        self.stream.read_line(&mut status).await?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err(format!("the connection ended within the head of {status:?}").into());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        if status.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(format!("{status}{}", String::from_utf8_lossy(&body)).into()) }
    }
}
