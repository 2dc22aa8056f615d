// Mails for a tracker of today: those of the story with their dates moved, and made ones. Old mails would be listed as dormant.

import { readFileSync } from "node:fs";

const STORY = new URL("../mail/story/", import.meta.url);
const HOUR = 3_600_000;
// This moment of the story is now.
const STORY_NOW = Date.parse("2026-11-24T00:00:00Z");
const DATES = /[A-Z][a-z]{2}, \d{2} Nov 2026 \d{2}:\d{2}:\d{2} \+0000/g;

const date = (at) => new Date(at).toUTCString().replace("GMT", "+0000");

/** A mail of the story, as if the story had just been played. */
export const story = (name) =>
  readFileSync(new URL(`${name}.eml`, STORY), "latin1").replace(DATES, (text) => date(Date.parse(text) + Date.now() - STORY_NOW));

/** AWS opened a case, so many hours ago: its turn. */
export const opened = (id, { account = "111122223333", region = "eu-west-1", hours = 3, title = `Port 25 in ${region}` } = {}) =>
  aws(`Amazon Web Services: New Support case: ${id}`, `opened-${id}`, hours, [
    `Amazon Web Services has opened case ${id} on your behalf.`,
    "",
    "The details of the case are:",
    `Case ID: ${id}`,
    `Subject: ${title}`,
    `Account: ${account}`,
  ]);

/** AWS asks about a case: our turn. */
export const asked = (id, { hours = 2, title = "About the relay" } = {}) =>
  aws(`RE:[CASE ${id}] ${title}`, `asked-${id}`, hours, [
    "We would like to gather more information about your use case. Please provide us with details about the",
    "mail that the account 777788889999 sends.",
  ]);

/** AWS has the form about port 25, and gives no ID. */
export const unnamed = (name, { hours = 1 } = {}) =>
  aws("Your request", name, hours, ["We have received your request to remove the email sending limitations on port 25."], "aws-automation@email.amazon.com");

// As SES hands over a mail that AWS really sent.
const aws = (subject, name, hours, lines, from = "no-reply-aws@amazon.com") => {
  const domain = from.split("@")[1];
  const at = date(Date.now() - hours * HOUR);
  return [
    "Return-Path: <bounce@bounces.amazon.com>",
    "Received: from mail.sender.example (mail.sender.example [192.0.2.90])",
    " by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x",
    ` for port25@track.corp.example; ${at}`,
    `Authentication-Results: amazonses.com; spf=pass; dkim=pass header.i=@${domain}; dmarc=pass header.from=${domain};`,
    `From: Amazon Web Services <${from}>`,
    "To: port25@track.corp.example",
    `Subject: ${subject}`,
    `Date: ${at}`,
    `Message-ID: <${name}@amazon.com>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=UTF-8",
    "",
    "Hello,",
    "",
    ...lines,
    "",
    "Thank you for using Amazon Web Services.",
    "",
  ].join("\r\n");
};

/** Requests in many accounts and Regions, in AWS's turn. */
export const many = (count) => {
  const regions = ["eu-west-1", "us-east-1", "ap-northeast-1", "sa-east-1", "eu-central-1"];
  return Array.from({ length: count }, (_, n) => {
    const account = String(100_000_000_000 + (n % 12) * 1_111_111_111);
    return opened(String(172_400_000_000_000 + n), { account, region: regions[n % regions.length], hours: 1 + (n % 70) });
  });
};
