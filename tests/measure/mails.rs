//! The mails and events that the measured programs are given.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The bucket of the mails.
pub(crate) const BUCKET: &str = "mail";
/// An ordinary mail.
pub(crate) const ORDINARY: usize = 22_000;
/// A mail with an attachment.
pub(crate) const LARGE: usize = 2_000_000;

/// AWS's short receipt for request `n`: what the measured mails continue.
pub(crate) fn receipt(n: usize, at: Timestamp) -> Vec<u8> {
    let body = format!(
        "Hello,\r\n\r\nWe have received your request to remove the email sending limitations on port 25 from the account 111122223333 \
         in the Region eu-west-1.\r\n\r\nPlease keep your request ID: {}\r\n\r\nKind regards,\r\nAmazon Web Services\r\n",
        id(n)
    );
    let subject = "Your request to remove email sending limitations";
    format!("{}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}", headers(&format!("receipt-{n}"), subject, "", at)).into_bytes()
}

/// AWS's question about request `n`, in answer to its receipt: plain text and HTML, both with the correspondence so far, `size` bytes
/// long; what a real mail of that size lacks of text is an attachment when it is a large one.
pub(crate) fn question(n: usize, size: usize, at: Timestamp) -> Vec<u8> {
    let asks = [
        "Hello,".to_owned(),
        "We would like to gather more information about your use case before we look at port 25 again.".to_owned(),
        "Please reply directly to this message with what kind of mail your instances send, and to whom.".to_owned(),
        format!("Request ID: {}", id(n)),
        "Kind regards, Amazon Web Services".to_owned(),
    ];
    let quoted = |k: usize| {
        format!("Message {k} of this correspondence: our instances in eu-west-1 send receipts to our customers, who asked for them.")
    };
    let plain_quoted: String = (0..50).map(|k| format!("> {}\r\n", quoted(k))).collect();
    let plain = format!("{}\r\n\r\nOn Fri, 20 Nov 2026 at 10:02, net-ops wrote:\r\n{plain_quoted}", asks.join("\r\n\r\n"));
    let cell = |text: &str| {
        format!(
            "<tr><td style=\"font-family:Arial,sans-serif;font-size:14px;line-height:20px;color:#16191f;padding:4px 8px\">{text}</td></tr>\r\n"
        )
    };
    let mut html = String::from("<html><head><title>Amazon Web Services</title></head><body><table width=\"100%\" cellpadding=\"0\">\r\n");
    html.extend(asks.iter().map(|text| cell(&format!("<p>{text}</p>"))));
    html.push_str("</table><blockquote type=\"cite\"><table>\r\n");
    let references = format!("In-Reply-To: <receipt-{n}@email.amazon.com>\r\nReferences: <receipt-{n}@email.amazon.com>\r\n");
    let head = headers(&format!("question-{n}"), "Re: Your request to remove email sending limitations", &references, at);
    let mut mail = format!(
        "{head}Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n\
         Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{plain}\r\n--inner\r\n\
         Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    );
    let end = "</table></blockquote></body></html>\r\n--inner--\r\n";
    for k in 0.. {
        let row = cell(&quoted(k));
        if mail.len() + html.len() + row.len() + end.len() + 200 > ORDINARY {
            break;
        }
        html.push_str(&row);
    }
    mail.push_str(&html);
    mail.push_str(end);
    if size > ORDINARY {
        mail.push_str(
            "--outer\r\nContent-Type: application/pdf; name=\"policy.pdf\"\r\nContent-Disposition: attachment; filename=\"policy.pdf\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n",
        );
        let line = format!("{}\r\n", "JVBERi0xLjQKJcfs".repeat(5).get(..76).unwrap_or_default());
        while mail.len() + line.len() + 20 < size {
            mail.push_str(&line);
        }
    }
    mail.push_str("--outer--\r\n");
    mail.into_bytes()
}

/// The headers of a mail of AWS as SES stores it, up to those of its content.
fn headers(id: &str, subject: &str, references: &str, at: Timestamp) -> String {
    let date = |at: Timestamp| at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let signature = "b64dGhpcyBpcyBub3QgYSBzaWduYXR1cmUgYnV0IGFzIGxvbmcgYXMgb25l".repeat(5);
    format!(
        "Return-Path: <bounce@bounces.amazon.com>\r\n\
         Received: from mail.sender.example (mail.sender.example [192.0.2.80])\r\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id k808\r\n \
         for port25@track.corp.example;\r\n {received}\r\n\
         X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n\
         Received-SPF: pass (spfCheck: domain of sender.example designates 192.0.2.80 as permitted sender) client-ip=192.0.2.80;\r\n\
         Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: designated) client-ip=192.0.2.9 helo=mail.sender.example;\r\n \
         dkim=pass header.i=@email.amazon.com;\r\n dkim=pass header.i=@amazonses.com;\r\n dmarc=pass header.from=email.amazon.com;\r\n\
         DKIM-Signature: v=1; a=rsa-sha256; q=dns/txt; c=relaxed/simple; s=s1; d=email.amazon.com;\r\n b={signature}\r\n\
         From: Amazon Web Services <aws-automation@email.amazon.com>\r\nTo: port25@track.corp.example\r\n\
         Subject: {subject}\r\nDate: {date}\r\nMessage-ID: <{id}@email.amazon.com>\r\n{references}MIME-Version: 1.0\r\n",
        received = date(at.saturating_add(SignedDuration::from_secs(4)).unwrap_or(at)),
        date = date(at),
    )
}

fn id(n: usize) -> String {
    format!("1700000000{n:05}")
}

/// The SQS event for the mail under this key: SES's notification in an SNS envelope, as long as a real one.
pub(crate) fn sqs(key: &str) -> Value {
    let pass = json!({"status": "PASS"});
    let notification = json!({
        "notificationType": "Received",
        "mail": {
            "timestamp": "2026-11-22T15:30:06.000Z", "source": "bounce@bounces.amazon.com", "messageId": key,
            "destination": ["port25@track.corp.example"], "headersTruncated": false,
            "headers": (0..25).map(|n| json!({"name": format!("X-Header-{n}"), "value": "v".repeat(90)})).collect::<Vec<_>>(),
            "commonHeaders": {"from": ["Amazon Web Services <aws-automation@email.amazon.com>"], "to": ["port25@track.corp.example"]},
        },
        "receipt": {
            "timestamp": "2026-11-22T15:30:06.000Z", "processingTimeMillis": 437, "recipients": ["port25@track.corp.example"],
            "spamVerdict": pass, "virusVerdict": pass, "spfVerdict": pass, "dkimVerdict": pass, "dmarcVerdict": pass,
            "action": {
                "type": "S3", "topicArn": "arn:aws:sns:eu-west-1:111122223333:mail", "bucketName": BUCKET,
                "objectKeyPrefix": "", "objectKey": key,
            },
        },
    });
    let envelope = json!({
        "Type": "Notification", "MessageId": "5d1e0f3a-0000-5000-8000-1a2b3c4d5e6f", "TopicArn": "arn:aws:sns:eu-west-1:111122223333:mail",
        "Subject": "Amazon SES Email Receipt Notification", "Message": notification.to_string(), "Timestamp": "2026-11-22T15:30:06.500Z",
        "SignatureVersion": "1", "Signature": "s".repeat(344), "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/s.pem",
    });
    json!({"Records": [{
        "messageId": key, "receiptHandle": "h".repeat(400), "body": envelope.to_string(), "md5OfBody": "0".repeat(32),
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:111122223333:mail", "awsRegion": "eu-west-1",
        "messageAttributes": {},
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795167006500", "SenderId": "s"},
    }]})
}

/// What the scheduler sends.
pub(crate) fn scheduled() -> Value {
    json!({"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": {}})
}

/// `GET /v1/requests?query` as API Gateway asks it.
pub(crate) fn list(query: &str) -> Value {
    let host = "abc123.execute-api.eu-west-1.amazonaws.com";
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/v1/requests", "rawQueryString": query,
        "headers": {"accept": "application/json", "host": host, "user-agent": "measure"},
        "requestContext": {
            "accountId": "111122223333", "apiId": "abc123", "domainName": host, "domainPrefix": "abc123", "requestId": "r",
            "routeKey": "$default", "stage": "$default", "time": "20/Nov/2026:10:00:00 +0000", "timeEpoch": 1_795_168_800_000_u64,
            "http": {"method": "GET", "path": "/v1/requests", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "measure"},
        },
        "isBase64Encoded": false,
    })
}
