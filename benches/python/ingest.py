"""The job of `ingest`, done the ordinary way in Python: boto3 clients made at import, the standard library's mail parser, regular
expressions (`reading.py`). It is what the Rust function is measured against, and is never shipped.

It makes the same calls to the same table with the same keys (one object read, one batch get, one query, one transaction; a
duplicate ends after the batch get). It judges far less: no authentication results of other hosts, no rules in Japanese, no
forwards, no alerts. What it leaves out makes it faster, so the comparison favours it.
"""

import hashlib
import json
import os
from datetime import datetime, timezone

import boto3

from reading import judge

TABLE = os.environ["TABLE_NAME"]
s3 = boto3.client("s3")
dynamodb = boto3.client("dynamodb")


def hashed(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(len(part).to_bytes(8, "big"))
        h.update(part)
    return h.hexdigest()[:32]


def key(pk, sk="-"):
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def stamp(at):
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def put(item, new=True):
    write = {"TableName": TABLE, "Item": {name: value for name, value in item.items() if value is not None}}
    if new:
        write["ConditionExpression"] = "attribute_not_exists(pk)"
    return {"Put": write}


def file(raw, object_key, receipt):
    fact = judge(raw, receipt)
    message = hashed(fact["message_id"].encode())
    object_item = f"O#{hashed(object_key.encode())}"
    mail_items = {trust: f"M#{trust}#{message}" for trust in ("unverified", "own", "forwarded", "verified")}
    names = [f"R#A#{fact['own_id']}"] if fact["own_id"] else []
    names += [f"R#M#{hashed(i.encode())}" for i in [*reversed(fact["thread"][-11:]), fact["message_id"]]]
    wanted = [key(pk) for pk in [object_item, *mail_items.values(), *names]]
    answer = dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": wanted, "ConsistentRead": True}}, ReturnConsumedCapacity="TOTAL")
    found = {item["pk"]["S"]: item for item in answer["Responses"][TABLE]}
    if object_item in found or mail_items[fact["trust"]] in found:
        return "duplicate"
    address = next((found[name]["to"]["S"] for name in names if name in found), None)
    entry = hashed(b"mail", fact["trust"].encode(), fact["message_id"].encode())
    version = 0
    if address:
        items = dynamodb.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": address}},
            ConsistentRead=True,
            ReturnConsumedCapacity="TOTAL",
        )["Items"]
        version = next(int(item["version"]["N"]) for item in items if item["sk"]["S"] == "HEAD")
    address = address or f"B#{entry}"
    now, at = stamp(datetime.now(timezone.utc)), stamp(fact["at"])
    text = {name: {"S": fact[name]} for name in ("message_id", "from", "subject", "trust", "meaning", "family")}
    stored = {"stored": {"S": now}, "object": {"S": object_key}, "ending": {"S": "applied"}}
    head = {
        **key(address, "HEAD"),
        "version": {"N": str(version + 1)},
        "turn": {"S": "ours" if fact["meaning"] == "question" else "aws"},
        "since": {"S": at},
        "family": text["family"],
        "subject": text["subject"],
    }
    guard = put(head, new=version == 0)
    if version:
        guard["Put"]["ConditionExpression"] = "version = :version"
        guard["Put"]["ExpressionAttributeValues"] = {":version": {"N": str(version)}}
    entry_item = {
        **key(address, f"E#{at}#{entry}"),
        **text,
        "at": {"S": at},
        "stored": {"S": now},
        "object": {"S": object_key},
        "thread": {"L": [{"S": i} for i in fact["thread"]]},
        "regions": {"L": [{"S": i} for i in fact["regions"]]},
        "own_id": {"S": fact["own_id"]} if fact["own_id"] else None,
        "account": {"S": fact["accounts"][0]} if fact["accounts"] else None,
        "excerpt": {"S": fact["excerpt"]},
    }
    writes = [put({**key(object_item), **stored}), put({**key(mail_items[fact["trust"]]), **text, **stored}), put(entry_item), guard]
    writes += [put({**key(name), "to": {"S": address}}) for name in names if name not in found]
    dynamodb.transact_write_items(TransactItems=writes, ReturnConsumedCapacity="TOTAL")
    return "applied"


def one(record):
    envelope = json.loads(record["body"])
    notification = json.loads(envelope["Message"]) if "Message" in envelope else envelope
    receipt = notification["receipt"]
    action = receipt["action"]
    raw = s3.get_object(Bucket=action["bucketName"], Key=action["objectKey"])["Body"].read()
    return file(raw, action["objectKey"], receipt)


def handler(event, context):
    failures, filed = [], []
    for record in event["Records"]:
        try:
            filed.append(f"{record['messageId']} {one(record)}")
        except Exception as error:  # what failed is brought again by the queue
            print(json.dumps({"level": "ERROR", "message": record["messageId"], "error": repr(error)}))
            failures.append({"itemIdentifier": record["messageId"]})
    print(json.dumps({"level": "INFO", "records": len(event["Records"]), "filed": filed}))
    return {"batchItemFailures": failures}
