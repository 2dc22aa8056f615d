//! Signatures (Signature Version 4), by AWS's own implementation.

use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use jiff::Timestamp;

use crate::Cause;

/// Adds the headers of a signature. S3 wants the path encoded once and as it is, and the hash of the body in a header; the other services'
/// path is `/`.
pub(crate) fn sign(request: &mut HttpRequest, service: &str, region: &str, identity: &Identity, now: Timestamp) -> Result<(), Cause> {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    // The SDK's interceptors add headers that are not signed; here is none.
    settings.excluded_headers = None;
    if service == "s3" {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(now.as_second())?);
    let params = SigningParams::builder().identity(identity).region(region).name(service).time(time);
    let params = params.settings(settings).build()?.into();
    let body = SignableBody::Bytes(request.body().bytes().unwrap_or_default());
    let signable = SignableRequest::new(request.method(), request.uri(), request.headers().iter(), body)?;
    let (instructions, _) = aws_sigv4::http_request::sign(signable, &params)?.into_parts();
    for header in instructions.into_parts().0 {
        request.headers_mut().try_insert(header.name(), header.value().to_owned())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Call;
    use aws_credential_types::Credentials;

    fn signed(url: &str, headers: &[(&'static str, &str)], token: Option<&str>) -> Result<HttpRequest, Cause> {
        let (id, secret) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let identity = Credentials::new(id, secret, token.map(str::to_owned), None, "the examples of S3's documentation").into();
        let mut request = Call { service: "s3", method: "GET", url, headers, body: &[] }.request()?;
        sign(&mut request, "s3", "us-east-1", &identity, "2013-05-24T00:00:00Z".parse().unwrap())?;
        Ok(request)
    }

    /// "Signature Calculations for the Authorization Header" of the S3 API reference: its examples of `GetObject` and `ListObjects`.
    #[test]
    fn the_examples_of_s3_s_documentation_get_the_signatures_that_stand_there() {
        let scope = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
        for (url, headers, names, signature) in [
            (
                "https://examplebucket.s3.amazonaws.com/test.txt",
                &[("range", "bytes=0-9")][..],
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
                &[],
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ] {
            let request = signed(url, headers, None).unwrap();
            let authorization = request.headers().get("authorization").unwrap();
            assert_eq!(authorization, format!("{scope}, SignedHeaders={names}, Signature={signature}"));
            assert_eq!(request.headers().get("x-amz-date"), Some("20130524T000000Z"));
            assert_eq!(request.uri(), url, "it is sent where it was signed for");
        }
    }

    #[test]
    fn the_session_s_token_is_sent_and_signed() {
        let request = signed("https://examplebucket.s3.amazonaws.com/k", &[], Some("a token")).unwrap();
        assert_eq!(request.headers().get("x-amz-security-token"), Some("a token"));
        assert!(request.headers().get("authorization").unwrap().contains("x-amz-security-token"));
    }

    #[test]
    fn a_url_that_is_none_is_an_error() {
        for bad in ["no url", "http://", "http://a/b c", "http://a b/"] {
            assert!(signed(bad, &[], None).is_err(), "{bad:?}");
        }
    }
}
