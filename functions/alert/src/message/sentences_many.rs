//! The sentences of messages about many requests or mails, or about the tracker itself, each in both languages.

use domain::alert::DAY_MAX;

use super::reader::{Reader, say};

impl Reader<'_> {
    /// The first line of a digest.
    pub(super) fn digest_to_do(&self, word: &str, count: usize) -> String {
        match word {
            "OVERDUE" => say!(
                self,
                "Write to AWS about these requests ({count}): it is silent beyond the deadline.",
                "次の申請（{count} 件）について AWS に連絡してください。期限を過ぎても返答がありません。"
            ),
            "OUR TURN" => {
                say!(self, "Answer AWS about these requests ({count}).", "次の申請（{count} 件）について AWS に回答してください。")
            }
            "UNCLEAR" => say!(
                self,
                "Read the last mails of these requests ({count}) and say what they mean.",
                "次の申請（{count} 件）のメールを読み、内容を判断してください。"
            ),
            "CONFIRM" => say!(
                self,
                "Read the last mails of these requests ({count}) and confirm what they say.",
                "次の申請（{count} 件）のメールを読み、その内容が正しいかどうかを確認してください。"
            ),
            "APPROVED" => say!(
                self,
                "Nothing to do: AWS granted these requests ({count}).",
                "対応は不要です。次の申請（{count} 件）を AWS が承認しました。"
            ),
            "DENIED" => say!(
                self,
                "AWS refused these requests ({count}): appeal where you want to.",
                "次の申請（{count} 件）を AWS が却下しました。必要に応じて再検討を依頼してください。"
            ),
            "RESOLVED" => say!(
                self,
                "Nothing to do: the alerts about these requests ({count}) have ended.",
                "対応は不要です。次の申請（{count} 件）についてのアラートは終了しました。"
            ),
            _ => say!(
                self,
                "Check whether these requests ({count}) are ours.",
                "次の申請（{count} 件）が自分たちのものかどうかを確認してください。"
            ),
        }
    }

    pub(super) fn digest_why(&self) -> String {
        say!(
            self,
            "They come as one message because so many of this kind were due at once. port25 show ID shows each of them.",
            "同じ種類のアラートが同時に多数発生したため、1 通にまとめてお送りしています。それぞれの詳細は port25 show ID で確認できます。"
        )
    }

    /// What stands for the lines that are not listed.
    pub(super) fn and_more(&self, more: usize) -> String {
        say!(self, "… and {more} more (all in the JSON).", "… ほか {more} 件（すべて JSON に含まれています）。")
    }

    /// The same where there is no list of all of them.
    pub(super) fn and_more_mails(&self, more: usize) -> String {
        say!(self, "… and {more} more.", "… ほか {more} 件。")
    }

    pub(super) fn quarantine_to_do(&self, count: usize, open: usize, more: bool) -> String {
        let least = match more {
            true => say!(self, "at least ", "少なくとも "),
            false => String::new(),
        };
        say!(
            self,
            "Look at the mails in quarantine: {open} of {least}{count} name an open request.",
            "隔離されたメールを確認してください。{least}{count} 件のうち {open} 件に、未完了の申請の記載があります。"
        )
    }

    pub(super) fn quarantine_why(&self) -> String {
        say!(
            self,
            "They changed nothing. Nothing proves who sent them; do not answer them and follow no link in them.",
            "これらのメールによる変更は一切ありません。送信元を確認できないため、返信したり、リンクを開いたりしないでください。"
        )
    }

    pub(super) fn quarantine_mark(&self, open: bool) -> String {
        match open {
            true => say!(self, "names an open request", "未完了の申請の記載あり"),
            false => say!(self, "names no open request", "未完了の申請の記載なし"),
        }
    }

    /// `- 2026-11-20 10:02Z from a@b.example: subject (…)`.
    pub(super) fn quarantine_line(&self, at: &str, from: &str, subject: &str, mark: &str, why: &str) -> String {
        say!(self, "- {at} from {from}: {subject} ({mark}; {why})", "- {at} 送信元 {from}: {subject}（{mark}、{why}）")
    }

    pub(super) fn quarantine_after(&self, rarer: bool) -> String {
        let mut after = say!(
            self,
            "port25 quarantine lists them; port25 judge and port25 dismiss decide.",
            "一覧は port25 quarantine で表示できます。判断は port25 judge または port25 dismiss で登録してください。"
        );
        if rarer {
            after.push('\n');
            after.push_str(&say!(
                self,
                "More than {DAY_MAX} came today (UTC): the next summary comes when the day is over.",
                "本日（UTC）は {DAY_MAX} 件を超えたため、次の要約は 1 日の終わりに送られます。"
            ));
        }
        after
    }

    pub(super) fn dormant_to_do(&self, count: usize) -> String {
        say!(
            self,
            "Look through {count} old request(s) that never came to an end.",
            "完了していない古い申請が {count} 件あります。内容を確認してください。"
        )
    }

    pub(super) fn dormant_why(&self) -> String {
        say!(
            self,
            "Nothing happened to them for over 30 days before they were imported, so they are listed and not repeated.",
            "取り込みの時点で 30 日以上動きがなかったため、一覧でのお知らせのみとし、リマインダーは送られません。"
        )
    }

    pub(super) fn system_to_do(&self) -> String {
        say!(
            self,
            "Look at the log of the tracker's sweep: it says why these alerts do not go out.",
            "アラートを送信できません。原因はトラッカーの sweep のログに記録されていますので、確認してください。"
        )
    }

    pub(super) fn system_why(&self) -> String {
        say!(
            self,
            "Alerts could not be sent for over an hour, or in a way that no retry cures. They are tried again all the same.",
            "1 時間以上送信できていない、または再試行では解決しないアラートがあります。送信は引き続き試みられます。"
        )
    }

    pub(super) fn system_unreadable(&self) -> String {
        say!(
            self,
            "something in the table that this version cannot read: whatever it has to tell",
            "このバージョンでは読み取れないテーブルの項目（その内容は通知されません）"
        )
    }

    pub(super) fn test_to_do(&self) -> String {
        say!(self, "Nothing to do: somebody tries whether alerts arrive.", "対応は不要です。アラートが届くかどうかの試験送信です。")
    }
}
