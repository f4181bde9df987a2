"""Drives the AWS CLI, version 2, inside one process: JSON on standard input, JSON on standard output."""
import base64
import json
import os
import sys
import tempfile

from awscli.clidriver import create_clidriver
from awscli.shorthand import ShorthandParseError, ShorthandParser


def call(args):
    """One call in a fork, so that none leaves anything behind for the next."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            code = 255
            try:
                code = create_clidriver().main(args)
            except SystemExit as end:
                code = end.code
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "stdout": out.read().decode("utf-8"),
            "stderr": err.read().decode("utf-8"),
        }


def shorthand(text):
    try:
        return {"value": ShorthandParser().parse(text)}
    except ShorthandParseError as error:
        return {"error": str(error)}


def decode(text):
    try:
        return base64.b64decode(text).hex()
    except ValueError:
        return None


MODES = {"calls": call, "shorthand": shorthand, "base64": decode}
inputs = json.load(sys.stdin)
# The first driver loads what all later ones share.
create_clidriver()
json.dump([MODES[sys.argv[1]](value) for value in inputs], sys.stdout)
