"""The real AWS CLI, many commands in a row, each by the CLI's own entry point in this process.

A process for each command would take four times as long, and the CLI cannot be forked once it is loaded: its plugins start
native threads.

One JSON object a line on stdin, one answer a line on stdout:
{"arguments": [...], "directory": "...", "environment": {...}}: a command; {"exitCode": 0, "stdout": "...", "stderr": "..."}.
{"shorthand": [texts]}: what the CLI's shorthand parser makes of each; a list of {"value": ...} and {"error": "..."}.
{"base64": [texts]}: the bytes of each as the CLI decodes them; a list of hex digits, and null for an error.

A command that takes too long ends this process by SIGALRM.
"""

import base64
import contextlib
import json
import os
import signal
import sys
import tempfile

import awscli.clidriver
import awscli.shorthand
import botocore.loaders  # the AWS CLI's own, by the alias that it has made for itself

# Every command reads models from disk and lists the folders of all services anew; here what is found once serves them all.
list_services = botocore.loaders.Loader.list_available_services
read_model = botocore.loaders.JSONFileLoader.load_file
services = {}
models = {}

# Seconds; what a command asks of Latchkey takes five at the most.
PATIENCE = 60


def list_available_services(self, type_name):
    if type_name not in services:
        services[type_name] = list_services(self, type_name)
    return services[type_name]


def load_file(self, file_path):
    if file_path not in models:
        models[file_path] = read_model(self, file_path)
    return models[file_path]


botocore.loaders.Loader.list_available_services = list_available_services
botocore.loaders.JSONFileLoader.load_file = load_file


def run(arguments):
    try:
        code = awscli.clidriver.AWSCLIEntryPoint().main(arguments)
    except SystemExit as exit:
        code = exit.code
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 1


@contextlib.contextmanager
def surroundings(request, stdin, stdout, stderr):
    """Descriptors, working folder and environment of a command."""
    former = os.environ.copy()
    for stream, descriptor in ((stdin, 0), (stdout, 1), (stderr, 2)):
        os.dup2(stream.fileno(), descriptor)
    os.chdir(request["directory"])
    os.environ.update(request["environment"])
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(former)
        os.chdir("/")
        os.dup2(own_stderr, 2)


def execute(request):
    signal.alarm(PATIENCE)
    with open(os.devnull) as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        with surroundings(request, stdin, stdout, stderr):
            code = run(request["arguments"])
        signal.alarm(0)
        stdout.seek(0)
        stderr.seek(0)
        return {"exitCode": code, "stdout": stdout.read().decode(), "stderr": stderr.read().decode()}


def read_shorthand(text):
    try:
        return {"value": awscli.shorthand.ShorthandParser().parse(text)}
    except awscli.shorthand.ShorthandParseError as error:
        return {"error": str(error)}


def decode(text):
    try:
        return base64.b64decode(text).hex()
    except ValueError:
        return None


def answer(request):
    if "shorthand" in request:
        return [read_shorthand(text) for text in request["shorthand"]]
    if "base64" in request:
        return [decode(text) for text in request["base64"]]
    return execute(request)


sys.argv[0] = "aws"
requests = os.fdopen(os.dup(0))
answers = os.fdopen(os.dup(1), "w")
own_stderr = os.dup(2)
for line in requests:
    print(json.dumps(answer(json.loads(line))), file=answers, flush=True)
