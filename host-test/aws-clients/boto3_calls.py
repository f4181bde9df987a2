"""Calls of the real boto3: one JSON object a line on stdin, one a line on stdout.

In: {"endpoint": URL, "service": "iot", "operation": "test_invoke_authorizer", "parameters": {...}}; a parameter
{"$base64": "..."} stands for bytes. Out: {"response": {...}} or {"error": {"code", "message", "class", "status"}}; in a
response {"$date": seconds} stands for a date, and base64 for bytes.
"""

import base64
import datetime
import json
import sys

import boto3
import botocore.config
import botocore.exceptions

clients = {}


def client_for(endpoint, service):
    key = (endpoint, service)
    if key not in clients:
        clients[key] = boto3.client(
            service,
            endpoint_url=endpoint,
            region_name="eu-west-1",
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="example",
            config=botocore.config.Config(retries={"max_attempts": 0}),
        )
    return clients[key]


def parameter(value):
    if isinstance(value, dict):
        if set(value) == {"$base64"}:
            return base64.b64decode(value["$base64"])
        return {name: parameter(member) for name, member in value.items()}
    if isinstance(value, list):
        return [parameter(member) for member in value]
    return value


def readable(value):
    if isinstance(value, datetime.datetime):
        return {"$date": value.timestamp()}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if hasattr(value, "read"):
        return base64.b64encode(value.read()).decode()
    raise TypeError(type(value).__name__)


def call(request):
    client = client_for(request["endpoint"], request["service"])
    try:
        response = getattr(client, request["operation"])(**parameter(request["parameters"]))
    except botocore.exceptions.ClientError as error:
        return {
            "error": {
                "code": error.response["Error"].get("Code"),
                "message": error.response["Error"].get("Message"),
                "class": type(error).__name__,
                "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
            }
        }
    except botocore.exceptions.ParamValidationError as error:
        return {"error": {"code": None, "message": str(error), "class": type(error).__name__, "status": None}}
    response.pop("ResponseMetadata", None)
    return {"response": response}


for line in sys.stdin:
    print(json.dumps(call(json.loads(line)), default=readable), flush=True)
