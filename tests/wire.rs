//! As much HTTP/1.1 as the stand-ins need, written by hand: a server that can keep silent, stop in the middle of a body, or hang up
//! instead of answering, which a framework would not let it do.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The longest body that is read: what the engine takes at most.
const BODY_MAX: usize = 16 * 1024 * 1024;

/// A request, read whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query, as they came.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer with its length.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What a client gets to see.
#[derive(Debug)]
pub(crate) enum Reply {
    /// All of it.
    Answer(Answer),
    /// Head and half of the body, then silence.
    Half(Answer),
    /// Head and half of the body, then the end of the connection.
    Cut(Answer),
    /// Nothing, on a connection that stays open.
    Silence,
    /// The end of the connection.
    HangUp,
}

/// What answers the requests of a [`Server`].
pub(crate) trait Service: Send + Sync + 'static {
    fn call(&self, request: Request) -> impl Future<Output = Reply> + Send;
}

/// A listener on a loopback port of its own; it and its connections end when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(service: impl Service) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let service = Arc::new(service);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let service = Arc::clone(&service);
                connections.spawn(async move { connection(stream, &*service).await });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { address, task })
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, until somebody closes it.
async fn connection(stream: TcpStream, service: &impl Service) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream).await? {
        let answer = match service.call(request).await {
            Reply::Answer(answer) => answer,
            Reply::Half(answer) => {
                stream.write_all(&answer.half()).await?;
                return silence(&mut stream).await;
            }
            Reply::Cut(answer) => return stream.write_all(&answer.half()).await,
            Reply::Silence => return silence(&mut stream).await,
            Reply::HangUp => return Ok(()),
        };
        stream.write_all(&answer.bytes()).await?;
    }
    Ok(())
}

/// Waits until the client goes away.
async fn silence(stream: &mut BufReader<TcpStream>) -> io::Result<()> {
    tokio::io::copy(stream, &mut tokio::io::sink()).await.map(drop)
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let Some((first, headers)) = read_head(stream).await? else { return Ok(None) };
    let mut words = first.split(' ').map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Err(io::ErrorKind::InvalidData.into()) };
    let body = read_body(stream, length(&headers).unwrap_or(0)).await?;
    Ok(Some(Request { method, target, headers, body }))
}

/// The first line and the headers, their names in lower case; `None` at the end of the connection.
async fn read_head(stream: &mut BufReader<TcpStream>) -> io::Result<Option<(String, Vec<(String, String)>)>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
            None => return Ok(Some((first.trim_end().to_owned(), headers))),
        }
    }
}

fn length(headers: &[(String, String)]) -> Option<usize> {
    header(headers, "content-length")?.parse().ok()
}

async fn read_body(stream: &mut BufReader<TcpStream>, length: usize) -> io::Result<Vec<u8>> {
    if length > BODY_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(body)
}

/// Sends a request to a server of this machine, on a connection of its own.
pub(crate) async fn forward(authority: &str, request: &Request) -> io::Result<Answer> {
    let mut stream = BufReader::new(TcpStream::connect(authority).await?);
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method, request.target).into_bytes();
    for (name, value) in request.headers.iter().filter(|(name, _)| name != "connection") {
        bytes.extend(format!("{name}: {value}\r\n").into_bytes());
    }
    bytes.extend_from_slice(b"connection: close\r\n\r\n");
    bytes.extend_from_slice(&request.body);
    stream.write_all(&bytes).await?;
    let Some((first, headers)) = read_head(&mut stream).await? else { return Err(io::ErrorKind::UnexpectedEof.into()) };
    let status = first.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    let body = match length(&headers) {
        Some(length) => read_body(&mut stream, length).await?,
        None if header(&headers, "transfer-encoding") == Some("chunked") => read_chunks(&mut stream).await?,
        None => {
            // Until the end of the connection, as DynamoDB Local sends its longer ones.
            let mut body = Vec::new();
            stream.take(BODY_MAX as u64).read_to_end(&mut body).await?;
            body
        }
    };
    Ok(Answer { status, headers, body })
}

/// A body in chunks.
async fn read_chunks(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let size = usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
        if size == 0 {
            return Ok(body);
        }
        if body.len().saturating_add(size) > BODY_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        body.extend(read_body(stream, size).await?);
        stream.read_line(&mut line).await?;
    }
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

impl Answer {
    pub(crate) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), kind.to_owned()), ("x-amzn-requestid".to_owned(), "stand-in".to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// All but the second half of the body.
    fn half(&self) -> Vec<u8> {
        let mut bytes = self.bytes();
        bytes.truncate(bytes.len() - self.body.len().div_ceil(2));
        bytes
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} -\r\n", self.status).into_bytes();
        let own = |name: &str| matches!(name, "content-length" | "connection" | "transfer-encoding");
        for (name, value) in self.headers.iter().filter(|(name, _)| !own(name)) {
            bytes.extend(format!("{name}: {value}\r\n").into_bytes());
        }
        bytes.extend(format!("content-length: {}\r\n\r\n", self.body.len()).into_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Undoes percent-encoding.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone_and_what_is_none_stays() {
        assert_eq!(decode("in%2Fk%C3%A9y%20%zz%4"), "in/kéy %zz%4");
    }
}
