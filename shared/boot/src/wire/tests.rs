use super::*;

/// A connection that nobody uses.
#[derive(Debug)]
struct Unused;

impl HttpConnector for Unused {
    fn call(&self, _: HttpRequest) -> aws_smithy_runtime_api::client::http::HttpConnectorFuture {
        unreachable!("only signatures are tested here")
    }
}

fn wire(token: Option<&str>) -> Wire {
    let (id, secret) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let credentials = Credentials::new(id, secret, token.map(str::to_owned), None, "the examples of S3's documentation");
    let clock = || "2013-05-24T00:00:00Z".parse().unwrap();
    Wire::new(SharedHttpConnector::new(Unused), credentials, "us-east-1".to_owned(), clock)
}

fn get<'a>(url: &'a str, headers: &'a [(&'static str, &'a str)]) -> Call<'a> {
    Call { service: "s3", method: "GET", url, headers, body: &[] }
}

/// "Signature Calculations for the Authorization Header" of the S3 API reference: its examples of `GetObject` and `ListObjects`.
#[test]
fn the_examples_of_s3_s_documentation_get_the_signatures_that_stand_there() {
    let scope = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
    let range = [("range", "bytes=0-9")];
    for (call, signed, signature) in [
        (
            get("https://examplebucket.s3.amazonaws.com/test.txt", &range),
            "host;range;x-amz-content-sha256;x-amz-date",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            get("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J", &[]),
            "host;x-amz-content-sha256;x-amz-date",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ] {
        let request = wire(None).signed(&call).unwrap();
        let authorization = request.headers().get("authorization").unwrap();
        assert_eq!(authorization, format!("{scope}, SignedHeaders={signed}, Signature={signature}"));
        assert_eq!(request.headers().get("x-amz-date"), Some("20130524T000000Z"));
        assert_eq!(request.uri(), call.url, "it is sent where it was signed for");
    }
}

#[test]
fn the_session_s_token_is_sent_and_signed() {
    let request = wire(Some("a token")).signed(&get("https://examplebucket.s3.amazonaws.com/k", &[])).unwrap();
    assert_eq!(request.headers().get("x-amz-security-token"), Some("a token"));
    assert!(request.headers().get("authorization").unwrap().contains("x-amz-security-token"));
}

#[test]
fn a_url_that_is_none_is_an_error() {
    for bad in ["", "no url", "http://", "http://a/b c", "http://a b/"] {
        assert!(wire(None).signed(&get(bad, &[])).is_err(), "{bad:?}");
    }
}

#[test]
fn a_refusal_is_known_by_its_code_and_says_nothing_else() {
    for (body, expected) in [
        ("<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>m</Message></Error>", "NoSuchKey"),
        (r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"}"#, "QueueDoesNotExist"),
        (r#"{"__type":"AWS.SimpleQueueService.NonExistentQueue"}"#, "AWS.SimpleQueueService.NonExistentQueue"),
        ("<Code>a\nline of ours</Code>", "alineofours"),
        ("<Code>", ""),
        ("{}", ""),
        ("", ""),
    ] {
        assert_eq!(code(body.as_bytes()), expected, "{body}");
    }
    assert_eq!(code(format!("<Code>{}</Code>", "x".repeat(1_000)).as_bytes()).len(), 80);
}

#[test]
fn only_what_may_pass_is_tried_again() {
    let refused = |status, code: &str| WireError::Refused { status, code: code.to_owned() };
    for (status, code) in [(500, "InternalError"), (503, "SlowDown"), (503, ""), (429, ""), (400, "RequestTimeout"), (403, "RequestThrottled")] {
        assert!(refused(status, code).passes(), "{status} {code}");
    }
    for (status, code) in [(301, "PermanentRedirect"), (400, "ExpiredToken"), (403, "AccessDenied"), (404, "NoSuchKey"), (404, "NoSuchBucket")] {
        assert!(!refused(status, code).passes(), "{status} {code}");
    }
    assert!(WireError::Silent.passes());
    assert!(WireError::Connection(ConnectorError::io("reset".into())).passes());
    assert!(!WireError::Broken("half of it".into()).passes());
    assert_eq!(refused(403, "AccessDenied").to_string(), "refused with 403 AccessDenied");
}
