//! What stands below the help of each command: examples to copy, and what the exit codes mean.

/// Below the help of the program.
pub(crate) const PROGRAM: &str = "\
Without a command it serves, with the data in ./port25-data.

Examples:
  port25 demo                            see it all in a minute
  port25 list --overdue || echo 'AWS owes us an answer'
  port25 show 172345678900123
  PORT25_URL=https://port25.corp.example PORT25_TOKEN=… port25 list

Exit codes:
  0  done
  1  an error; standard error says what to do
  2  a wrong command line, or something was found (list --overdue, rules test, doctor)

NO_COLOR and a pipe turn colours off; --json is stable, and the same from a data folder and an API.";

pub(crate) const SERVE: &str = "\
Examples:
  port25 serve
  port25 serve --http 127.0.0.1:0 --smtp 127.0.0.1:0      on free ports
  port25 serve --notify-command \"sh -c 'jq -r .text | mail -s port25 ops@corp.example'\"";
pub(crate) const DEMO: &str = "\
Example:
  port25 demo --pause 1 --exit";
pub(crate) const IMPORT: &str = "\
Examples:
  port25 import ~/Mail/aws.mbox --trust-results mx.google.com
  port25 import - < mail.eml";
pub(crate) const LIST: &str = "\
Examples:
  port25 list --turn ours
  port25 list --overdue --json | jq -r '.[].id'
  port25 list --q 203.0.113.5
  port25 list --csv > requests.csv
  port25 list --url http://127.0.0.1:8025     a running serve, with the token in PORT25_TOKEN

The exit code is 2 when --overdue finds one.";
pub(crate) const SHOW: &str = "\
Examples:
  port25 show 172345678900123
  port25 show p25-abcd2345 --json | jq .answer.instruction";
pub(crate) const REGISTER: &str = "\
Examples:
  port25 register --subject 'Port 25 for the relay' --account 111122223333 --region eu-west-1
  port25 register --subject 'Sending limits' --family support-case --aws-id 172345678900123 --since 2026-11-20T10:00:00Z";
pub(crate) const FORGET: &str = "\
Examples:
  port25 forget 172345678900123            says what would go
  port25 forget 172345678900123 --yes      cannot be undone";
pub(crate) const REPLY: &str = "\
Examples:
  port25 reply 172345678900123
  port25 reply 172345678900123 --out answer.eml && xdg-open answer.eml

The exit code is 1 when there is no mail to answer.";
pub(crate) const IDENTIFY: &str = "\
Example:
  port25 identify p25-3k9x2m7qwa 172345678900123 --why 'seen in the console'";
pub(crate) const REPLIED: &str = "\
Example:
  port25 replied 172345678900123 --why 'answered in Support Center'";
pub(crate) const ACK: &str = "\
Example:
  port25 ack 172345678900123 --for 3d";
pub(crate) const SNOOZE: &str = "\
Examples:
  port25 snooze 172345678900123 --for 3d
  port25 snooze 172345678900123 --until 2026-11-23 --why 'AWS said Monday'";
pub(crate) const SETTLE: &str = "\
Example:
  port25 settle 172345678900123 --as approved --why 'seen in the console'";
pub(crate) const REOPEN: &str = "\
Example:
  port25 reopen 172345678900123 --why 'port 25 is still closed'";
pub(crate) const NOTE: &str = "\
Example:
  port25 note 172345678900123 'asked our account team too'";
pub(crate) const EXPLAIN: &str = "\
Examples:
  port25 explain mail.eml
  port25 explain - --json < mail.eml | jq .meaning";
pub(crate) const RULES: &str = "\
Example:
  port25 rules test ./mails --rules rules.json";
pub(crate) const RULES_CHECK: &str = "\
Example:
  port25 rules check rules.json";
pub(crate) const RULES_TEST: &str = "\
Example:
  port25 rules test ./mails --rules rules.json

The exit code is 2 when a mail differs from what is expected of it.";
pub(crate) const QUARANTINE: &str = "\
Examples:
  port25 quarantine
  port25 quarantine --json | jq -r '.items[] | select(.names_open).id'";
pub(crate) const JUDGE: &str = "\
Examples:
  port25 judge mail-1@amazonses.com --as approved --why 'called AWS'
  port25 judge mail-1@amazonses.com --as question --request 172345678900123
  port25 judge mail-1@amazonses.com --as question --fixture wrong.eml";
pub(crate) const DISMISS: &str = "\
Example:
  port25 dismiss mail-1@amazonses.com --why 'a newsletter'";
pub(crate) const SPLIT: &str = "\
Example:
  port25 split mail-1@amazonses.com --why 'another Region'";
pub(crate) const WHY: &str = "\
Example:
  port25 why 172345678900123";
pub(crate) const TEST_ALERT: &str = "\
Examples:
  port25 test-alert --notify-command './page-me'
  port25 test-alert --url https://port25.corp.example

The exit code is 1 when it did not go out.";
pub(crate) const TOKEN: &str = "\
Example:
  export PORT25_URL=http://127.0.0.1:8025 PORT25_TOKEN=$(port25 token add laptop --scope write)

Also while serve runs on the data folder.";
pub(crate) const TOKEN_ADD: &str = "\
Examples:
  port25 token add laptop --scope write
  port25 token add grafana --scope read --days 30 --table port25     in the table at AWS

The secret alone goes to standard output.";
pub(crate) const TOKEN_LIST: &str = "\
Example:
  port25 token list --json | jq -r '.[] | select(.ended).name'";
pub(crate) const TOKEN_REVOKE: &str = "\
Examples:
  port25 token revoke laptop
  port25 token revoke 3f9c02aa";
pub(crate) const OPENAPI: &str = "\
Example:
  port25 openapi > port25.json";
pub(crate) const COMPLETIONS: &str = "\
Examples:
  eval \"$(port25 completions bash)\"
  port25 completions fish > ~/.config/fish/completions/port25.fish";
pub(crate) const SIMULATE: &str = "\
Example:
  port25 simulate tests/scenarios/silence.json";
pub(crate) const DOCTOR: &str = "\
Examples:
  port25 doctor --stack port25 --stack port25-mail
  port25 doctor --table port25 --topic arn:aws:sns:eu-west-1:111122223333:alerts --region eu-west-1
  port25 doctor --stack port25 --json | jq -r '.lines[] | select(.state == \"fail\").mend'

The exit code is 2 when something must be mended, and 0 when something is only to be looked at.";
pub(crate) const REDRIVE: &str = "\
Examples:
  port25 redrive --queue https://sqs.eu-west-1.amazonaws.com/111122223333/port25-mail --dry-run
  port25 redrive --queue https://sqs.eu-west-1.amazonaws.com/111122223333/port25-mail --limit 20

Giving it again does no harm: a mail that is known ends as a duplicate. The exit code is 1 when it ended early, and 2 when --dry-run
found something.";
pub(crate) const AUDIT: &str = "\
Example:
  port25 audit --json";
