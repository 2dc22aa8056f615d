#!/usr/bin/env python3
"""Computes the tables of docs/COST.md from docs/cost.json (measured units and CPU, prices, and what a month is taken to be).

`python3 .ci/cost.py` writes them; `python3 .ci/cost.py --check` fails when the committed ones are not what it would write, when an aim is
missed, or when the templates have more alarms or other memory than were counted."""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = json.loads((ROOT / "docs/cost.json").read_text())
DOCUMENT = ROOT / "docs/COST.md"
OPEN = [10, 1_000, 100_000]
# Of a vCPU for each MB of memory.
CPU_PER_MB = 1 / 1769
M, CPU, PRICES, FREE = DATA["model"], DATA["cpu"], DATA["prices"], DATA["free"]
# What AWS documents for one item below 1 KB that a transaction writes; such an item, in no index, is the note of a sweep.
DOCUMENTED, KNOWN = 2, "note of a sweep"


def scaled(engine, name):
    read, write = DATA["units"][engine][name]
    return read, write * DOCUMENTED / DATA["units"][engine][KNOWN][1]


# What each engine counts differs: the higher one is taken, read and write each for itself.
UNITS = {
    name: [max(scaled(engine, name)[kind] for engine in DATA["units"]) for kind in (0, 1)]
    for name in DATA["units"]["embedded"]
}


def billed_gb_seconds(function, what, cold):
    """Gigabyte-seconds of one invocation: CPU at the share that the memory buys, and the waiting for calls; INIT has a whole vCPU."""
    memory = M["memory_mb"][function]
    share = min(1.0, memory * CPU_PER_MB)
    ms = CPU[what]["warm"] / share + CPU[what]["calls"] * M["call_ms"]
    ms += cold * (CPU[what]["init"] + M["cold_connect_ms"])
    return ms / 1000 * memory / 1024


def table(name, times=1.0):
    read, write = UNITS[name]
    return {"dynamodb million read units": read * times / 1e6, "dynamodb million write units": write * times / 1e6}


def runs(function, what, times, cold):
    return {
        "lambda million": times / 1e6,
        "lambda gb-second": billed_gb_seconds(function, what, cold) * times,
        "cloudwatch gb of logs": times * M["bytes_of_a_log_line"] / 1e9,
    }


def together(*parts):
    total = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total.get(name, 0.0) + amount
    return total


def month(requests):
    """What a month consumes, by row of the table and by price."""
    sweeps = M["minutes_of_a_month"]
    mails = requests * (M["mails_of_each_request"] + M["forged_mails_of_each_request"])
    deliveries = mails * (1 + M["redeliveries_of_a_mail"])
    messages = requests * M["alert_messages_of_each_request"]
    # One life gives this many alerts; those of many requests come in one sweep.
    looks = 30 * M["api_requests_a_day"] + requests * (M["reads_of_each_request"] + M["act_of_each_request"])
    kept = requests * M["months_kept"]
    work = {
        "Sweep, every minute": together(
            {"scheduler million": sweeps / 1e6},
            runs("alert", "alert, nothing due", sweeps, 0.01),
            table("idle sweep", sweeps),
            table("note of a sweep", M["notes_of_a_sweep"]),
        ),
        "Queue, asked by Lambda all the time": {"sqs million": M["queue_polls_of_a_month"] / 1e6},
        "Mails: S3, SNS, SQS, `ingest`, table": together(
            {"s3 thousand put or list": mails / 1e3, "s3 thousand get": deliveries / 1e3, "sns million": mails / 1e6},
            {"sqs million": 3 * deliveries / 1e6},
            # Each as a cold start, which it is where few mails come.
            runs("ingest", "ingest, new mail of 22 KB", deliveries, 1.0),
            table("mails of a request", requests),
            table("forged mail", requests * M["forged_mails_of_each_request"]),
            table("redelivery", mails * M["redeliveries_of_a_mail"]),
        ),
        "Alerts: table, SNS, one e-mail each": together(
            table("alerts of a request", requests),
            table("summary of the quarantine", min(requests * M["forged_mails_of_each_request"], 720)),
            {"sns million": messages / 1e6, "sns hundred thousand mails": messages / 1e5},
            {"lambda gb-second": billed_gb_seconds("alert", "alert, one due", 0) * messages},
        ),
        "Page and API": together(
            {"http api million": looks / 1e6},
            runs("api", "api, a list of 20 requests of all turns", looks, 1.0),
            table("a list", 30 * M["api_requests_a_day"]),
            table("a request read", requests * M["reads_of_each_request"]),
            table("an act", requests * M["act_of_each_request"]),
        ),
        "Audit, every hour": {"s3 thousand put or list": 720 / 1e3},
        "What is kept, after a year": {
            "dynamodb gb a month": kept * M["bytes_of_a_request_in_table_and_indexes"] / 1e9,
            "dynamodb gb a month of point in time recovery": kept * M["bytes_of_a_request_in_table_and_indexes"] / 1e9,
            "s3 gb a month": mails * M["months_kept"] * M["bytes_of_a_mail"] / 1e9,
        },
    }
    door = {"SES takes the mails in": {"ses mail in": mails, "ses chunk in": mails}}
    watching = {
        f"{M['alarms']} alarms": {"cloudwatch alarm": M["alarms"]},
        f"{M['metrics']} metrics of our own": {"cloudwatch metric": M["metrics"]},
        "Canary, every hour (out and in again)": together(
            {"ses mail out": 720, "ses mail in": 720, "ses chunk in": 720, "sqs million": 3 * 720 / 1e6},
            runs("ingest", "ingest, new mail of 22 KB", 720, 1.0),
        ),
    }
    return work, door, watching


def cost(amounts):
    return sum(PRICES[name] * amount for name, amount in amounts.items())


def left(*groups):
    """What is to be paid of all groups together when the free tier is taken off."""
    amounts = together(*(row for group in groups for row in group.values()))
    return sum(PRICES[name] * max(0.0, amount - FREE.get(name, 0)) for name, amount in amounts.items())


def dollars(value):
    return f"{value:,.2f}" if value >= 0.995 else f"{value:.3f}"


def rows(group):
    return list(group(OPEN[0]))


def months_table():
    lines = ["| USD a month | " + " | ".join(f"{n:,} requests" for n in OPEN) + " |", "|---|" + "---:|" * len(OPEN)]
    months = [month(n) for n in OPEN]

    def block(part, total_name):
        for at in range(len(months[0][part])):
            names = [list(m[part])[at] for m in months]
            values = [dollars(cost(m[part][name])) for m, name in zip(months, names)]
            lines.append(f"| {names[0]} | " + " | ".join(values) + " |")
        totals = [dollars(sum(cost(row) for row in m[part].values())) for m in months]
        lines.append(f"| **{total_name}** | " + " | ".join(f"**{t}**" for t in totals) + " |")

    block(0, "The work itself")
    taken = [dollars(left(m[0])) for m in months]
    lines.append("| The work itself, after the free tier | " + " | ".join(taken) + " |")
    block(1, "The mail at the door")
    block(2, "Watching")
    lines.append("| Watching, after the free tier | " + " | ".join(dollars(left(m[2])) for m in months) + " |")
    everything = [dollars(sum(cost(row) for part in m for row in part.values())) for m in months]
    lines.append("| **All of it** | " + " | ".join(f"**{t}**" for t in everything) + " |")
    lines.append("| **All of it, after the free tier** | " + " | ".join(f"**{dollars(left(*m))}**" for m in months) + " |")
    return lines


def units_table():
    engines = list(DATA["units"])
    lines = ["| What | " + " | ".join(f"read, write: {e}" for e in engines) + " | taken |", "|---|" + "---:|" * (len(engines) + 1)]
    for name in DATA["units"]["embedded"]:
        cells = [", ".join(f"{v:g}" for v in DATA["units"][e][name]) for e in engines]
        lines.append(f"| {name} | " + " | ".join(cells) + " | " + ", ".join(f"{v:g}" for v in UNITS[name]) + " |")
    return lines


def durations_table():
    lines = ["| Invocation | CPU, warm | calls | memory | billed, warm | billed, cold |", "|---|---:|---:|---:|---:|---:|"]
    for what, of in CPU.items():
        function = what.split(",")[0]
        memory = M["memory_mb"][function]
        ms = [billed_gb_seconds(function, what, cold) * 1024 / memory * 1000 for cold in (0, 1)]
        lines.append(f"| {what} | {of['warm']:g} ms | {of['calls']} | {memory} MB | {ms[0]:.0f} ms | {ms[1]:.0f} ms |")
    return lines


def aims_table():
    work, _, _ = month(1_000)
    sweep = cost(work["Sweep, every minute"])
    total = sum(cost(row) for row in work.values())
    aims = [("the sweep under 0.10", sweep, 0.10), ("the work itself for 1,000 requests under 1.00, idle polling included", total, 1.0)]
    lines = ["| Aim, in USD a month, without the free tier | Computed | Met |", "|---|---:|---|"]
    lines += [f"| {name} | {dollars(value)} | {'yes' if value < limit else '**no**'} |" for name, value, limit in aims]
    return lines, [name for name, value, limit in aims if value >= limit]


def prices_table():
    lines = ["| Price | USD | free each month |", "|---|---:|---:|"]
    lines += [f"| {name} | {price:.10f}".rstrip("0").rstrip(".") + f" | {FREE.get(name, '–')} |" for name, price in PRICES.items()]
    return lines


def templates():
    """Where the templates have more alarms, or other memory, than was counted."""
    wrong = []
    files = [ROOT / "infra" / name for name in ("application.yaml", "mail.yaml")]
    if not all(file.exists() for file in files):
        return wrong
    text = "\n".join(file.read_text() for file in files)
    alarms = len(re.findall(r"Type: AWS::CloudWatch::Alarm\b", text))
    if alarms > M["alarms"]:
        wrong.append(f"the templates have {alarms} alarms, {M['alarms']} were counted")
    memory = sorted(int(size) for size in re.findall(r"MemorySize: (\d+)", text))
    if memory != sorted(M["memory_mb"].values()):
        wrong.append(f"the templates give the functions {memory} MB, {sorted(M['memory_mb'].values())} were counted")
    return wrong


def main():
    text = DOCUMENT.read_text()
    aims, missed = aims_table()
    for name, lines in [
        ("aims", aims),
        ("months", months_table()),
        ("units", units_table()),
        ("durations", durations_table()),
        ("prices", prices_table()),
    ]:
        begin, end = f"<!-- {name}: computed by .ci/cost.py -->\n", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        assert found, f"docs/COST.md has no place for {name}"
        text = before + begin + "\n".join(lines) + "\n" + end + after
    if "--check" not in sys.argv:
        DOCUMENT.write_text(text)
        return
    wrong = templates() + [f"an aim is missed: {name}" for name in missed]
    if text != DOCUMENT.read_text():
        wrong.append("docs/COST.md is not what .ci/cost.py writes; run it")
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
