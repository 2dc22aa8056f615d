//! An operation of an SDK, sent without the SDK's client: the SDK writes the request and reads the answer, what lies between is ours.

use std::fmt;

use aws_smithy_runtime_api::client::interceptors::context::{Input, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};
use tokio::time::timeout;

use crate::refusal::{Said, code};
use crate::{ATTEMPT, ATTEMPTS, Answer, Wire, WireError, collect, length, pause};

/// The most of an answer: DynamoDB's largest have 16 MB, before JSON.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// A service whose operations all go to one address, as those of DynamoDB and SNS do.
#[derive(Clone, Debug)]
pub struct Service {
    wire: Wire,
    name: &'static str,
    url: String,
}

impl Service {
    /// The service of this name (as it stands in signatures) at this address.
    pub fn new(wire: Wire, name: &'static str, url: String) -> Self {
        Self { wire, name, url }
    }

    /// Makes a call, again where that may help: `operation` is the SDK's value of its name, `I` and `O` the types of what goes in and
    /// comes out of it. Types of another operation are a mistake that its first call shows, so each pair is named in one place.
    ///
    /// # Errors
    /// When it fails, or every attempt did: the last one's failure, with the service's words as [`WireError::said`].
    pub async fn operate<I, O>(&self, operation: &impl RuntimePlugin, input: I) -> Result<O, WireError>
    where
        I: fmt::Debug + Send + Sync + 'static,
        O: fmt::Debug + Send + Sync + 'static,
    {
        let forms = operation.config().ok_or_else(|| WireError::Request("the operation has no form".into()))?;
        let output = self.exchange(&forms, Input::erase(input)).await?;
        output.downcast().map_err(|_| WireError::Unreadable("the answer of another operation".into()))
    }

    async fn exchange(&self, forms: &FrozenLayer, input: Input) -> Result<Output, WireError> {
        let (Some(writer), Some(reader)) = (forms.load::<SharedRequestSerializer>(), forms.load::<SharedResponseDeserializer>()) else {
            return Err(WireError::Request("the operation has no form".into()));
        };
        let mut settings = ConfigBag::base();
        let mut request = writer.serialize_input(input, &mut settings).map_err(WireError::Request)?;
        request.set_uri(self.url.as_str()).map_err(|error| WireError::Request(error.into()))?;
        let mut attempt = 1;
        loop {
            let request = request.try_clone().ok_or_else(|| WireError::Request("a body that can be sent only once".into()))?;
            let failure = match timeout(ATTEMPT, self.once(request)).await.unwrap_or(Err(WireError::Silent)) {
                Ok(answer) => match reader.deserialize_nonstreaming_with_config(&answer, &settings) {
                    Ok(output) => return Ok(output),
                    Err(error) if answer.status().is_success() => WireError::Unreadable(error.into()),
                    Err(error) => WireError::Refused {
                        status: answer.status().as_u16(),
                        code: code(answer.body().bytes().unwrap_or_default()),
                        said: Some(Said(Box::new(error))),
                    },
                },
                Err(failure) => failure,
            };
            if attempt >= ATTEMPTS || !failure.passes() {
                return Err(failure);
            }
            pause(attempt).await;
            attempt += 1;
        }
    }

    /// One attempt: an answer of any status, with its body in memory.
    async fn once(&self, request: HttpRequest) -> Result<HttpResponse, WireError> {
        let Answer(mut answer) = self.wire.send(self.name, request).await?;
        let length = length(&answer);
        let body = collect(answer.take_body(), length, ANSWER_MAX).await?;
        if body.truncated {
            return Err(WireError::Unreadable("an answer of over 64 MB".into()));
        }
        *answer.body_mut() = SdkBody::from(body.bytes);
        Ok(answer)
    }
}
