//! TLS as towards AWS: certificates are checked, and `AWS_CA_BUNDLE` says whom to believe.

use port25_tests::bootstraps;
use port25_tests::runtime_api::RuntimeApi;
use port25_tests::tls::Tls;

use super::{Cloud, LIMIT, event, question, within};

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_believed_only_with_a_certificate_of_the_bundle() {
    let cloud = Cloud::new().await;
    cloud.mail("m1", &question(1).bytes());
    let (dynamo, s3) = (Tls::before(&cloud.dynamo.endpoint()).await.unwrap(), Tls::before(&cloud.s3.endpoint()).await.unwrap());
    let bundle = std::env::temp_dir().join(format!("port25-bundle-{}.pem", std::process::id()));
    // Whom the bundle names, and whether the mail can be filed then.
    let cases = [(dynamo.certificate().to_owned(), false), (format!("{}{}", dynamo.certificate(), s3.certificate()), true)];
    for (certificates, filed) in cases {
        std::fs::write(&bundle, certificates).unwrap();
        let mut env: Vec<_> = cloud.env().into_iter().filter(|(name, _)| !name.starts_with("AWS_ENDPOINT_URL")).collect();
        env.push(("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), dynamo.endpoint()));
        env.push(("AWS_ENDPOINT_URL_S3".to_owned(), s3.endpoint()));
        env.push(("AWS_CA_BUNDLE".to_owned(), bundle.display().to_string()));
        let api = RuntimeApi::start().await.unwrap();
        let mut process = bootstraps::spawn("ingest", &api, &env).unwrap();
        assert!(within(api.ready()).await, "{:?}", process.lines());
        let ended = api.invoke(event("m1").to_string().into_bytes(), LIMIT).await;
        let port25_tests::runtime_api::Invocation::Response(answer) = &ended else { panic!("{ended:?}: {:?}", process.lines()) };
        let failed = String::from_utf8_lossy(answer).contains("m1");
        assert_eq!(failed, !filed, "{:?}", process.lines());
        within(process.kill()).await;
        // The log says what to look at.
        assert_eq!(process.lines().join("\n").contains("certificate"), failed, "{:?}", process.lines());
    }
    assert_eq!(cloud.counts().await.entries, 1);
    std::fs::remove_file(bundle).unwrap();
    cloud.close().await;
}
