"""A double of S3 on loopback. It says where it is and which keys it takes, answers a question a line, and ends
with its input.

Keys are checked as Amazon checks them: what was signed with another secret is refused.
"""
import json
import os
import sys

# The requests that make the users need no key yet; every later one does.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "6"

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%d" % server.get_host_and_port()


def client(service, key):
    keys = {"aws_access_key_id": key["id"], "aws_secret_access_key": key["secret"]}
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", **keys)


def key_of(name, actions):
    iam = client("iam", {"id": "first", "secret": "first"})
    iam.create_user(UserName=name)
    allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


key = key_of("crosspoint", ["s3:*"])
reader = key_of("reader", ["s3:Get*", "s3:List*"])
s3 = client("s3", key)


def answer(question):
    word, bucket = question["word"], question["bucket"]
    if word == "make":
        s3.create_bucket(Bucket=bucket)
    elif word == "list":
        return [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    elif word == "unfinished":
        return [found["Key"] for found in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]
    elif word == "remove":
        s3.delete_object(Bucket=bucket, Key=question["key"])
    else:
        raise ValueError(word)
    return None


def say(what):
    print(json.dumps(what), flush=True)


say({"url": url, "key": key, "reader": reader})
for line in sys.stdin:
    say(answer(json.loads(line)))
