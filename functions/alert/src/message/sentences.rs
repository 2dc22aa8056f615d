//! The sentences of an alert about a request, each in both languages.

use domain::alert::{Cause, Next};
use domain::classify::Meaning;
use domain::due::deadline;
use domain::reply::{Channel, NoDraft};
use domain::request::{Outcome, Request, ShownId, Turn, Why};
use domain::text::one_line;
use domain::trust::Trust;
use jiff::Timestamp;

use super::reader::{Reader, say};
use super::telling::Occasion;

/// The meanings that a person can give to a mail that nobody understood.
const MEANINGS: &str = "question, approved, denied, progress, received, ours, note, irrelevant";

impl Reader<'_> {
    /// The first line.
    pub(super) fn to_do(&self, occasion: &Occasion<'_>, channel: &Channel) -> String {
        let answer = self.answer(channel);
        match occasion.cause() {
            _ if occasion.resolved() && occasion.request.why().is_some() => say!(
                self,
                "This alert has ended. It is our turn now: that has an alert of its own.",
                "このアラートは終了しました。現在はこちらの対応待ちで、それについては別のアラートが送られます。"
            ),
            _ if occasion.resolved() => {
                say!(self, "Nothing to do: this alert has ended.", "対応は不要です。このアラートは終了しました。")
            }
            Cause::OurTurn if occasion.history() => say!(
                self,
                "Nothing to do any more: AWS asked this, and it was answered or ended since.",
                "現時点で対応は不要です。AWS から質問がありましたが、その後すでに回答されたか、申請が終了しています。"
            ),
            Cause::Denied if occasion.history() => say!(
                self,
                "Nothing to do about this mail: AWS refused the request, and things have moved on since.",
                "このメールへの対応は不要です。AWS が申請を却下しましたが、その後状況が変わっています。"
            ),
            Cause::Overdue | Cause::OurTurn => answer,
            Cause::Unclear => say!(
                self,
                "Read this mail and decide what it means. To answer: {answer}",
                "このメールを読み、内容を判断してください。回答する場合: {answer}"
            ),
            Cause::Confirm => say!(
                self,
                "Read this mail and confirm what it says; until then it counts as our turn.",
                "このメールを読み、その内容が正しいかどうかを確認してください。確認されるまでは、こちらの対応待ちとして扱われます。"
            ),
            Cause::Approved => {
                say!(self, "Nothing to do: AWS granted the request.", "対応は不要です。AWS が申請を承認しました。")
            }
            Cause::Denied => {
                say!(self, "AWS refused the request. To appeal: {answer}", "AWS が申請を却下しました。再検討を依頼する場合: {answer}")
            }
            Cause::Unexpected => say!(
                self,
                "Check whether this request is ours: its first mail names none of the expected accounts.",
                "この申請が自分たちのものかどうかを確認してください。最初のメールには、想定されているアカウントの記載がありません。"
            ),
            // These are about no request.
            Cause::Quarantine | Cause::Dormant | Cause::System | Cause::Test => String::new(),
        }
    }

    /// How AWS is answered.
    fn answer(&self, channel: &Channel) -> String {
        match channel {
            Channel::Mail { to, mailbox: Some(mailbox), sent, .. } => {
                let sent = self.time(*sent);
                say!(
                    self,
                    "Reply to the mail of {sent} from {to}, from the mailbox {mailbox}.",
                    "{sent} に {to} から届いたメールに、メールボックス {mailbox} から返信してください。"
                )
            }
            Channel::Mail { to, mailbox: None, sent, .. } => {
                let sent = self.time(*sent);
                say!(self, "Reply to the mail of {sent} from {to}.", "{sent} に {to} から届いたメールに返信してください。")
            }
            Channel::SupportCenter { link } => {
                say!(self, "Answer in Support Center: {link}", "AWS サポートセンターで回答してください: {link}")
            }
            Channel::Nowhere(why) => {
                let why = self.no_draft(why);
                say!(self, "There is no mail to answer: {why}.", "返信できるメールがありません。{why}")
            }
        }
    }

    fn no_draft(&self, why: &NoDraft) -> String {
        let english = why.to_string();
        match why {
            NoDraft::NoMail => say!(
                self,
                "{english}",
                "AWS からのメールがまだ届いていません。フォームに記入したメールボックスを探し、ケースまたはコンソールを確認するか、フォームをもう一度送信してください。"
            ),
            NoDraft::NotFromAws => say!(
                self,
                "{english}",
                "最初のメールの送信元は既知の AWS アドレスではありません。お手元のメールボックスで AWS からの元のメールを探し、それに返信してください。"
            ),
            NoDraft::NoMessageId => say!(
                self,
                "{english}",
                "最初のメールには、返信で参照できる Message-ID がありません。お使いのメールソフトでそのメールを開いて返信してください。"
            ),
            NoDraft::SupportCenter { link } => {
                say!(self, "{english}", "このメールへの返信は AWS に読まれません。本文をケースに貼り付けてください: {link}")
            }
        }
    }

    /// Why people hear of it now.
    pub(super) fn why(&self, occasion: &Occasion<'_>) -> String {
        let request = occasion.request;
        let came = occasion.opening().map_or_else(|| "-".to_owned(), |entry| self.time(entry.at));
        let now = self.now_words(request);
        if occasion.resolved() {
            let was = self.cause(occasion.cause());
            return say!(self, "What it was about: {was}. Now: {now}.", "発生していた事象: {was}。現在: {now}。");
        }
        match occasion.cause() {
            Cause::Overdue => {
                let (hours, since) = (occasion.hours(), self.time(request.turn.since()));
                let deadline = deadline(request, self.policy).as_hours();
                say!(
                    self,
                    "AWS has been silent for {hours} hours, since {since}; the deadline is {deadline} hours.",
                    "{since} 以降、{hours} 時間にわたり AWS からの返答がありません（期限は {deadline} 時間）。"
                )
            }
            Cause::OurTurn if occasion.history() => {
                say!(self, "AWS asked something on {came}. Now: {now}.", "{came} に AWS から質問がありました。現在: {now}。")
            }
            Cause::OurTurn if occasion.mail().is_none() => say!(
                self,
                "Somebody said on {came} that it is not over. Until we act, nothing moves.",
                "{came} に担当者がこの申請を再開しました。こちらが対応するまで、手続きは進みません。"
            ),
            Cause::OurTurn if request.why() == Some(Why::DeniedQuestion) => say!(
                self,
                "AWS denied and asked something on {came}. Until we answer, nothing moves.",
                "{came} に AWS から却下とあわせて質問がありました。こちらが回答するまで、手続きは進みません。"
            ),
            Cause::OurTurn => say!(
                self,
                "AWS asked something on {came}. Until we answer, nothing moves.",
                "{came} に AWS から質問がありました。こちらが回答するまで、手続きは進みません。"
            ),
            Cause::Unclear => say!(
                self,
                "A mail of {came} came from AWS, and no rule understands it.",
                "{came} に AWS から届いたメールの内容を、どのルールでも判断できませんでした。"
            ),
            Cause::Confirm => {
                if occasion.mail().is_some_and(|mail| mail.meaning == Meaning::Denied) {
                    say!(
                        self,
                        "AWS seems to have denied this on {came}, but the proof is not strong enough to settle it.",
                        "{came} に AWS が申請を却下したようですが、確定するには裏付けが十分ではありません。"
                    )
                } else {
                    say!(
                        self,
                        "AWS seems to have approved this on {came}, but the proof is not strong enough to settle it.",
                        "{came} に AWS が申請を承認したようですが、確定するには裏付けが十分ではありません。"
                    )
                }
            }
            Cause::Approved => say!(self, "AWS approved this on {came}.", "{came} に AWS が申請を承認しました。"),
            Cause::Denied if occasion.history() => {
                say!(self, "AWS denied this on {came}. Now: {now}.", "{came} に AWS が申請を却下しました。現在: {now}。")
            }
            Cause::Denied => say!(self, "AWS denied this on {came}.", "{came} に AWS が申請を却下しました。"),
            Cause::Unexpected => say!(self, "Its first mail came on {came}.", "最初のメールは {came} に届きました。"),
            Cause::Quarantine | Cause::Dormant | Cause::System | Cause::Test => String::new(),
        }
    }

    fn cause(&self, cause: Cause) -> String {
        match cause {
            Cause::Overdue => say!(self, "the silence of AWS", "AWS からの返答なし"),
            Cause::OurTurn => say!(self, "our turn", "こちらの対応待ち"),
            Cause::Unclear => say!(self, "a mail that no rule understands", "内容を判断できないメール"),
            Cause::Confirm => say!(self, "an end that nobody had confirmed", "未確認の審査結果"),
            other => other.as_str().to_owned(),
        }
    }

    fn now_words(&self, request: &Request) -> String {
        let since = self.time(request.turn.since());
        match request.turn {
            Turn::Aws { .. } => say!(self, "AWS's turn since {since}", "{since} から AWS の対応待ち"),
            Turn::Ours { why, .. } => {
                let why = why.as_str();
                say!(self, "our turn since {since} ({why})", "{since} からこちらの対応待ち（{why}）")
            }
            Turn::Settled { outcome: Outcome::Approved, .. } => say!(self, "approved since {since}", "{since} に承認済み"),
            Turn::Settled { outcome: Outcome::Denied, .. } => say!(self, "denied since {since}", "{since} に却下済み"),
            Turn::Settled { outcome: Outcome::Closed, .. } => say!(self, "closed since {since}", "{since} にクローズ済み"),
        }
    }

    /// How an acknowledgement or a snooze ended. `woken`: by AWS (true), by us (false), or by itself.
    pub(super) fn hold_ended(&self, snooze: bool, by: &str, woken: Option<bool>, at: Timestamp) -> String {
        let at = self.time(at);
        let what = match snooze {
            true => say!(self, "The snooze of {by}", "{by} による通知の保留（snooze）"),
            false => say!(self, "The acknowledgement of {by}", "{by} の確認による保留（ack）"),
        };
        match woken {
            None => say!(self, "{what} ended by itself on {at}.", "{what}は {at} に期限が来て終了しました。"),
            Some(true) => say!(self, "{what} ended on {at}, when AWS wrote.", "{what}は {at} に AWS からメールが届いたため終了しました。"),
            Some(false) => say!(self, "{what} ended on {at}, when we acted.", "{what}は {at} にこちらの対応があったため終了しました。"),
        }
    }

    pub(super) fn skipped(&self, count: u32) -> String {
        say!(
            self,
            "({count} earlier reminder(s) were due and were not sent.)",
            "（これまでのリマインダーのうち {count} 件は送信されていません。）"
        )
    }

    pub(super) fn aws_wrote(&self, at: Option<Timestamp>, subject: &str) -> String {
        let at = at.map_or_else(|| "-".to_owned(), |at| self.time(at));
        say!(self, "AWS wrote on {at} (subject: {subject}):", "{at} の AWS からのメール（件名: {subject}）:")
    }

    pub(super) fn granted(&self, limits: &str) -> String {
        say!(self, "Granted: {limits}", "承認された内容: {limits}")
    }

    pub(super) fn reason(&self, reason: &str) -> String {
        say!(self, "AWS's reason: {reason}", "AWS が示した理由: {reason}")
    }

    /// What the request is.
    pub(super) fn request_facts(&self, request: &Request, regions: &str) -> Vec<String> {
        let or_dash = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
        let id = match &request.id {
            ShownId::Aws(id) => id.to_string(),
            ShownId::Key(key) => say!(self, "{key} (no AWS ID yet)", "{key}（AWS の ID は未発行）"),
        };
        let account = or_dash(request.account.as_ref().map_or("", |account| account.as_str()));
        let (regions, subject) = (or_dash(regions), or_dash(&one_line(&request.subject)));
        let updated = self.time(request.last_update);
        vec![
            say!(self, "Request: {id}", "申請: {id}"),
            say!(self, "Account: {account}", "アカウント: {account}"),
            say!(self, "Region: {regions}", "リージョン: {regions}"),
            say!(self, "Subject: {subject}", "件名: {subject}"),
            say!(self, "Last update: {updated}", "最終更新: {updated}"),
        ]
    }

    /// What its mails name.
    pub(super) fn names(&self, addresses: &str, names: &str, resources: &str) -> Vec<String> {
        let mut lines = Vec::new();
        if !addresses.is_empty() {
            lines.push(say!(self, "Elastic IP: {addresses}", "Elastic IP: {addresses}"));
        }
        if !names.is_empty() {
            lines.push(say!(self, "Reverse DNS: {names}", "逆引き DNS: {names}"));
        }
        if !resources.is_empty() {
            lines.push(say!(self, "Resource: {resources}", "リソース: {resources}"));
        }
        lines
    }

    pub(super) fn tangled(&self) -> String {
        say!(self, "Careful: this thread carries more than one AWS ID.", "ご注意ください: このスレッドには複数の AWS ID が含まれています。")
    }

    /// The commands that settle it.
    pub(super) fn commands(&self, occasion: &Occasion<'_>) -> Vec<String> {
        let (id, mail) = (occasion.request.id.as_str(), occasion.planned.id.opening.as_str());
        let judge = || {
            say!(
                self,
                "To say what it means: port25 judge {mail} --as MEANING ({MEANINGS}).",
                "内容を登録するには: port25 judge {mail} --as MEANING（{MEANINGS} のいずれか）"
            )
        };
        match occasion.cause() {
            _ if occasion.resolved() || occasion.history() => Vec::new(),
            Cause::Overdue | Cause::OurTurn => vec![say!(
                self,
                "If AWS was answered where port25 does not see it: port25 replied {id}",
                "port25 から見えない方法で回答した場合は: port25 replied {id}"
            )],
            Cause::Unclear => vec![judge()],
            Cause::Confirm => {
                let outcome = if occasion.mail().is_some_and(|m| m.meaning == Meaning::Denied) { "denied" } else { "approved" };
                vec![
                    say!(
                        self,
                        "To confirm it: port25 settle {id} --as {outcome}",
                        "正しいと確認した場合は: port25 settle {id} --as {outcome}"
                    ),
                    judge(),
                ]
            }
            Cause::Unexpected => {
                vec![say!(self, "If it is none of ours: port25 dismiss {mail}", "自分たちの申請でない場合は: port25 dismiss {mail}")]
            }
            _ => Vec::new(),
        }
    }

    /// Where all of it stands; opening it changes nothing.
    pub(super) fn on_the_page(&self, link: &str) -> String {
        say!(self, "On the page: {link}", "ページ: {link}")
    }

    pub(super) fn hold_back(&self, id: &str) -> String {
        say!(
            self,
            "To hold back reminders: port25 ack {id}, for 24 hours unless you say otherwise (port25 snooze {id} --until TIME)",
            "リマインダーを保留するには: port25 ack {id}（指定がなければ 24 時間。期限を指定する場合は port25 snooze {id} --until TIME）"
        )
    }

    pub(super) fn next_alert(&self, next: &Next) -> String {
        let at = self.time(next.at);
        match next.shifted_from {
            None => say!(self, "Next alert: {at}, unless something happens before.", "次のアラート: {at}（それまでに動きがない場合）"),
            Some(due) => {
                let due = self.time(due);
                say!(
                    self,
                    "Next alert: {at}, unless something happens before (due at {due}, it waits for the delivery window).",
                    "次のアラート: {at}（それまでに動きがない場合。予定は {due} ですが、配信時間帯まで待ちます）"
                )
            }
        }
    }

    pub(super) fn trust(&self, trust: Trust) -> String {
        match trust {
            Trust::Verified => {
                say!(self, "Trust: AWS's last mail is verified (DMARC).", "信頼性: AWS の最新のメールは検証済みです（DMARC）。")
            }
            other => {
                let word = other.as_str();
                say!(
                    self,
                    "Trust: AWS's last mail is {word}; read it with care.",
                    "信頼性: AWS の最新のメールは検証されていません（{word}）。慎重にお読みください。"
                )
            }
        }
    }

    pub(super) fn a_draft(&self) -> String {
        say!(self, "A draft, to read before you send it:", "下書き（送信する前に必ず内容をご確認ください）:")
    }
}
