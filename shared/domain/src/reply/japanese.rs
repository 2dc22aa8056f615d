//! The drafts in Japanese, as one writes to a company.

use super::about::{About, utc};
use super::situation::Situation;

/// The text of a draft.
pub(super) fn text(situation: &Situation, about: &About) -> String {
    let hours = about.hours;
    let facts = facts(about);
    let body = match situation {
        Situation::FollowUp => format!(
            "下記の申請につきまして、前回のご連絡から {hours} 時間が経過しておりますが、その後のご連絡を確認できておりません。\n\n{facts}\n\
             お手数をおかけいたしますが、現在の状況をお知らせいただけますでしょうか。\n\
             当方からの情報が不足している場合は、必要な内容をご教示いただけますと幸いです。\n"
        ),
        Situation::Submitted(at) => format!(
            "下記の申請を {} に提出いたしましたが、{hours} 時間が経過した現在もご連絡を確認できておりません。\n\n{facts}\n\
             お手数をおかけいたしますが、現在の状況をお知らせいただけますでしょうか。\n\
             当方からの情報が不足している場合は、必要な内容をご教示いただけますと幸いです。\n",
            utc(*at)
        ),
        Situation::SecondFollowUp(ours) => format!(
            "下記の申請につきまして、{} に当方からご連絡いたしましたが、{hours} 時間が経過した現在もご返信を確認できておりません。\n\n{facts}\n\
             たびたび恐れ入りますが、現在の状況、または当方からお送りすべき情報をお知らせいただけますでしょうか。\n\
             ご担当の部署が異なる場合は、お手数ですがお取り次ぎをお願いいたします。\n\
             行き違いでご連絡をいただいておりましたら、ご容赦ください。\n",
            utc(*ours)
        ),
        Situation::Answer { questions, denied } => {
            let again = if *denied { "以上を踏まえ、再度ご審査いただけますと幸いです。\n" } else { "" };
            format!(
                "下記の申請につきまして、ご連絡いただきありがとうございます。\nお問い合わせの内容について、以下のとおり回答いたします。\n\n{}\n{facts}\n\
                 {again}ほかに必要な情報がございましたら、お知らせください。\n",
                headings(questions)
            )
        }
        Situation::Appeal(reason) => {
            let reason = reason.as_ref().map(|reason| format!("ご回答でいただいた内容:\n\n  > {reason}\n\n")).unwrap_or_default();
            format!(
                "下記の申請につきまして、ご審査いただきありがとうございました。\n\
                 承認いただけないとのご回答を頂戴いたしましたが、以下の情報を添えて、再度のご審査をお願いしたくご連絡いたしました。\n\n\
                 {reason}用途:\n  [誰に、どのようなメールを、どのくらい送信するか]\n\n\
                 迷惑メールを防ぐための対策:\n  [宛先の確認、バウンスと苦情の処理、送信できる者の制限]\n\n\
                 前回のご回答以降に改善した点:\n  [ご指摘を受けて行ったこと]\n\n{facts}\n\
                 不足している情報がございましたら、お知らせいただけますと幸いです。\n"
            )
        }
        Situation::Other => format!("下記の申請につきまして、ご連絡いたします。\n\n[未解決の点をここに記入]\n\n{facts}"),
    };
    format!("Amazon Web Services ご担当者様\n\nお世話になっております。\n{body}\nどうぞよろしくお願いいたします。\n")
}

fn headings(questions: &[String]) -> String {
    if questions.is_empty() {
        return "[ご質問ごとに回答を記入]\n".to_owned();
    }
    (1..).zip(questions).map(|(n, question)| format!("{n}. {question}\n   [回答を記入]\n")).collect()
}

fn facts(about: &About) -> String {
    let mut lines = String::new();
    let list = Some(about.regions.join(", ")).filter(|list| !list.is_empty());
    for (name, value) in [
        ("リクエスト ID", about.id.clone()),
        ("AWS アカウント", about.account.clone()),
        ("リージョン", list),
        ("最初にいただいたメール", about.first.map(utc)),
        ("最終更新", Some(format!("{} ({} 時間前)", utc(about.last), about.hours))),
    ] {
        if let Some(value) = value {
            lines.push_str(&format!("{name}: {value}\n"));
        }
    }
    lines
}
