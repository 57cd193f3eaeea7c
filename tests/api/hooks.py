"""What schemathesis cannot know by itself."""

import re
import uuid

import schemathesis

VALID_KEY = re.compile(r"[!-~]{1,255}")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Runs before every request."""
    name_a_new_request(case)
    begin_before_the_end(case)


def name_a_new_request(case):
    """Every request with a valid key has a new one: the same key twice is the same request, by design.

    That a repeated key repeats the answer is shown by tests/http; here it would hide all requests but the first.
    """
    headers = case.headers
    key = headers.get("Idempotency-Key") if headers else None
    if isinstance(key, str) and VALID_KEY.fullmatch(key):
        headers["Idempotency-Key"] = f"{key[:200]}{uuid.uuid4().hex}"


def begin_before_the_end(case):
    """That an end comes after its beginning is a rule no schema can tell."""
    query, meta = case.query, case.meta
    if query and meta and meta.generation.mode.is_positive and {"from", "to"} <= query.keys():
        if str(query["to"]) <= str(query["from"]):
            del query["to"]
