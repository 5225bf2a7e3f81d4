/**
 * What a module of Python has for every contract. The reader goes along the templates of the contract as the library's own does (`template-reading.ts`,
 * `wire-entry-choice.ts`), and the rule is the client's (`decide-retry.ts`): a test holds both against them.
 */

export function pythonRuntime(base: string, { requestIdHeader, format }: { readonly requestIdHeader: string; readonly format: 'json' | 'form' | 'text' }): string {
  return runtime.replaceAll('BaseApiError', base).replaceAll('"@request-id-header@"', JSON.stringify(requestIdHeader)).replaceAll('"@format@"', JSON.stringify(format))
}

const runtime = String.raw`from __future__ import annotations

import email.utils
import json
import math
import random as _random
import re
import time
import urllib.parse
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union


class BaseApiError(Exception):
    """An answer that refuses. Of a code that this module does not know it is raised itself, with what the status means."""

    entry: Optional[str] = None
    code: Union[str, int, None] = None
    status: int = 0
    sent_as: int = 0
    reason: str = "unknown"
    retry: str = "never"
    action: str = "contact_support"
    #: What it tells, typed; None where the code is not known.
    details: Any = None

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message: str = message
        #: As they stand on the wire, those that nobody has declared among them.
        self.raw_details: Dict[str, Any] = {}
        self.request_id: Optional[str] = None
        #: Whole seconds from when the answer came; None where nothing tells a wait.
        self.retry_after_seconds: Optional[int] = None
        #: Whether it is sure that nothing was done.
        self.is_undone: bool = False
        #: What the server advises about this very answer (x-should-retry).
        self.should_retry: Optional[bool] = None


@dataclass(frozen=True)
class RetryDecision:
    """Whether the same request may be sent again: after so many seconds, or not, and why."""

    retry: bool
    because: str
    after_seconds: Optional[float] = None
    #: When it may be tried again, in seconds since 1970, as far as the server told.
    retry_at: Optional[float] = None


def decide_retry(
    error: BaseApiError,
    *,
    attempt: int = 1,
    attempts: int = 3,
    repeatable: bool = False,
    replayable: bool = True,
    can_refresh: bool = False,
    has_refreshed: bool = False,
    left_seconds: float = math.inf,
    wait_max_seconds: float = 60.0,
    base_seconds: float = 0.5,
    max_seconds: float = 20.0,
    random: Optional[float] = None,
    now: Optional[float] = None,
) -> RetryDecision:
    """Decides from what is known; does nothing.

    attempt: which one has failed, from 1. attempts: how many are allowed.
    repeatable: whether doing it twice does no harm: a GET, or a request with an idempotency key.
    replayable: whether its body can be sent again. can_refresh: whether there is a way to get other credentials.
    left_seconds: of the time for the whole call. wait_max_seconds: a longer wait is left to whoever called.
    """
    wait_ms = None if error.retry_after_seconds is None else error.retry_after_seconds * 1000
    at = None if wait_ms is None else (time.time() if now is None else now) + wait_ms / 1000

    def stop(because: str) -> RetryDecision:
        return RetryDecision(False, because, None, at)

    if error.should_retry is False:
        return stop("advised_against")
    if error.retry == "never" and (error.should_retry is not True or error.entry is not None):
        return stop("never")
    if not replayable:
        return stop("body_gone")
    if error.retry == "refresh":
        if has_refreshed:
            return stop("refreshed_already")
        if not can_refresh:
            return stop("no_credentials")
        return stop("time_used") if left_seconds <= 0 else RetryDecision(True, "refreshed", 0.0)
    if not repeatable and not error.is_undone:
        return stop("not_repeatable")
    if attempt >= attempts:
        return stop("attempts_used")
    chance = _random.random() if random is None else random
    is_told = wait_ms is not None and wait_ms > 0
    if is_told and wait_ms > wait_max_seconds * 1000:
        return stop("wait_too_long")
    if is_told:
        # Those who were told the same second do not all come in its first millisecond.
        delay_ms = wait_ms + math.floor(chance * min(wait_ms * 0.1, 1000))
    else:
        delay_ms = math.floor(chance * min(max_seconds * 1000, base_seconds * 1000 * 2 ** min(attempt - 1, 30)))
    if delay_ms >= left_seconds * 1000:
        return stop("time_used")
    return RetryDecision(True, "told_to_wait" if is_told else "backoff", delay_ms / 1000)


def read_error(status: int, headers: Mapping[str, str], body: Union[str, bytes]) -> Optional[BaseApiError]:
    """The error that an answer says, or None where it says none of this API. Never raises, whatever the body is."""
    lower = {str(name).lower(): str(value) for name, value in dict(headers).items()}
    parsed, is_read = _parse(body)
    if not is_read:
        return None
    best: Optional[Tuple[int, Dict[str, Any], Optional[Dict[str, Any]], bool]] = None
    for form in _FORMS:
        found = _nothing()
        if not _walk(form["template"], parsed, found):
            continue
        if found["code"] is None and (form["needs_code"] or found["message"] is None):
            continue
        row, is_named = _choose(found, status, form)
        if status < 400 and not is_named:
            continue
        score = found["literals"] * 4 + (0 if found["message"] is None else 2) + (1 if row is not None and row["family"] == form["family"] else 0)
        if best is None or score > best[0]:
            best = (score, found, row, is_named)
    return None if best is None else _to_error(best[1], best[2], status, lower)


_MAX_BYTES = 1048576


def _parse(body: Union[str, bytes]) -> Tuple[Any, bool]:
    if len(body) > _MAX_BYTES:
        return None, False
    text = body.decode("utf-8", "replace") if isinstance(body, (bytes, bytearray)) else str(body)
    if "@format@" == "text":
        return text, True
    if "@format@" == "form":
        pairs = urllib.parse.parse_qsl(text, keep_blank_values=True)
        return dict(pairs), len(pairs) > 0
    try:
        return json.loads(text), True
    except (ValueError, RecursionError):
        return None, False


def _nothing() -> Dict[str, Any]:
    return {"code": None, "message": None, "request_id": None, "details": {}, "named": {}, "attributes": {}, "literals": 0}


def _same(a: Any, b: Any) -> bool:
    # In Python True is 1.
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def _walk(node: List[Any], value: Any, found: Dict[str, Any]) -> bool:
    kind = node[0]
    if value is None:
        if kind == "slot" and node[1] == "detail":
            found["named"][node[2]] = None
        return True
    if kind == "literal":
        if not _same(node[1], value):
            return False
        found["literals"] += 1
        return True
    if kind == "slot":
        _put(node, value, found)
        return True
    if kind == "object":
        if not isinstance(value, dict):
            return False
        named = {member[0] for member in node[1]}
        for member in node[1]:
            if member[0] == "..." and len(member) == 1:
                found["details"] = {name: each for name, each in value.items() if name not in named}
            elif member[0] in value and not _walk(member[1], value[member[0]], found):
                return False
        return True
    if kind == "array":
        return isinstance(value, list) and all(_walk(item, each, found) for item, each in zip(node[1], value))
    if kind == "each":
        # Of a list the first speaks.
        if not node[2]:
            return isinstance(value, dict)
        return isinstance(value, list) and (len(value) == 0 or node[1] == "fields" or _walk(node[3], value[0], found))
    return isinstance(value, str) and _walk_text(node[1], value, found)


def _walk_text(parts: List[Any], text: str, found: Dict[str, Any]) -> bool:
    pattern = "".join(re.escape(part) if isinstance(part, str) else ("(.*)" if part[1] == "message" else "(.*?)") for part in parts)
    match = re.fullmatch(pattern, text, re.DOTALL)
    if match is None:
        return False
    found["literals"] += sum(1 for part in parts if isinstance(part, str) and part.strip() != "")
    for slot, value in zip([part for part in parts if not isinstance(part, str)], match.groups()):
        _put(slot, value, found)
    return True


def _is_number(value: Any) -> bool:
    # JSON has numbers that no float holds, and 1e400.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value.bit_length() < 1024 if isinstance(value, int) else math.isfinite(value)


def _put(slot: List[Any], value: Any, found: Dict[str, Any]) -> None:
    kind, name = slot[1], slot[2]
    if kind == "code" and (_is_number(value) or (isinstance(value, str) and value != "")):
        found["code"] = value
    elif kind == "message" and isinstance(value, str):
        found["message"] = value
    elif kind == "requestId" and isinstance(value, str) and value != "":
        found["request_id"] = value
    elif kind == "details" and isinstance(value, dict):
        found["details"] = value
    elif kind == "detail":
        found["named"][name] = value
    elif kind == "attribute":
        found["attributes"][name] = value


def _text(code: Any) -> str:
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


def _choose(found: Dict[str, Any], status: int, form: Dict[str, Any]) -> Tuple[Optional[Dict[str, Any]], bool]:
    """The code decides; where it leaves several, family, status, attributes and sentence narrow the choice, and the primary of the rest is read."""
    code = found["code"]
    if code is None:
        rows = [row for row in _ENTRIES if row["family"] == form["family"]]
        codeless = [row for row in rows if row["cls"].code == ""] if form["shows_code"] else rows
        ranked = [(row, *_fit(row, found, status)) for row in (codeless or rows)]
        ranked = [each for each in ranked if each[1] > 0 and each[2] >= 0 and each[3] >= 0 and (len(codeless) > 0 or each[2] + each[3] > 0)]
    else:
        own = [row for row in _ENTRIES if _text(row["cls"].code) == _text(code)]
        rows = own
        if not own:
            weighed = [(_weight(row["recognised"]["codes"], _text(code)), row) for row in _ENTRIES]
            weighed = [(weight, row) for weight, row in weighed if weight >= 0 and (not row["recognised"]["statuses"] or _fit(row, found, status)[0] > 0)]
            most = max((weight for weight, _ in weighed), default=0)
            rows = [row for weight, row in weighed if weight == most]
        rows = [row for row in rows if row["family"] == form["family"]] or rows
        ranked = [(row, *_fit(row, found, status)) for row in rows]
    for at in (1, 2, 3):
        most = max((each[at] for each in ranked), default=0)
        ranked = [each for each in ranked if each[at] == most]
    if not ranked:
        return None, False
    chosen = next((each for each in ranked if each[0]["primary"]), ranked[0])
    return chosen[0], chosen[1] > 0 and (code is not None or chosen[2] > 0 or chosen[3] > 0)


def _fit(row: Dict[str, Any], found: Dict[str, Any], status: int) -> Tuple[int, int, float]:
    cls, recognised = row["cls"], row["recognised"]
    fit = 3 if status == cls.sent_as else 2 if status == cls.status else 0
    if fit == 0:
        fit = 1 if any(each == status or (isinstance(each, str) and each[0] == str(status)[0]) for each in recognised["statuses"]) else 0
    attributes = 0
    for name, expected in row["attributes"].items():
        value = found["attributes"].get(name, found["details"].get(name, found["named"].get(name)))
        if value is None:
            continue
        if not _same(value, expected) and value != str(expected):
            attributes = -1
            break
        attributes += 1
    sentence = 0.0 if not recognised["messages"] else max(-1.0, _weight(recognised["messages"], found["message"] or ""))
    return fit, attributes, sentence


def _weight(patterns: List[Any], text: str) -> float:
    fitting = [math.inf if is_exact else float(weight) for pattern, weight, is_exact in patterns if re.search(pattern, text) is not None]
    return max(fitting, default=-1.0)


_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DIGITS = re.compile(r"-?[0-9]{1,40}")


def _typed(kind: str, is_nullable: bool, value: Any) -> Tuple[Any, bool]:
    """A wire value of the declared type; anything else counts as absent."""
    if value is None:
        return None, is_nullable or kind == "json"
    is_number = _is_number(value)
    if kind in ("integer", "unix", "seconds"):
        if kind == "seconds" and is_number and value >= 0:
            return math.ceil(value), True
        is_whole = is_number and float(value).is_integer() and abs(value) <= 9007199254740991 and (kind == "integer" or value >= 0)
        return (int(value), True) if is_whole else (None, False)
    if kind in ("number", "money"):
        return value, is_number
    if kind == "boolean":
        return value, isinstance(value, bool)
    if kind == "strings":
        return value, isinstance(value, list) and all(isinstance(each, str) for each in value)
    if kind == "timestamp":
        return value, isinstance(value, str) and _TIMESTAMP.fullmatch(value) is not None
    if kind == "digits":
        return value, isinstance(value, str) and _DIGITS.fullmatch(value) is not None
    return value, kind == "json" or isinstance(value, str)


def _from_text(kind: str, value: str) -> Any:
    """In a text, and in a form, all is text."""
    if kind in ("string", "timestamp", "digits"):
        return value
    if kind == "strings":
        return [value]
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _details_of(found: Dict[str, Any], row: Optional[Dict[str, Any]]) -> Dict[str, Any]:
    declared = [] if row is None else row["details"]
    details: Dict[str, Any] = {}
    for name, _, kind, is_nullable in declared:
        is_spread = name in found["details"]
        if not is_spread and name not in found["named"]:
            continue
        value = found["details"][name] if is_spread else found["named"][name]
        typed, is_valid = _typed(kind, is_nullable, value)
        if not is_valid and isinstance(value, str) and ("@format@" == "form" or not is_spread):
            typed, is_valid = _typed(kind, is_nullable, _from_text(kind, value))
        if is_valid:
            details[name] = typed
    known = {name for name, _, _, _ in declared}
    details.update({name: value for name, value in found["named"].items() if name not in known and value is not None})
    details.update({name: value for name, value in found["details"].items() if name not in known})
    return details


def _to_error(found: Dict[str, Any], row: Optional[Dict[str, Any]], status: int, headers: Dict[str, str]) -> BaseApiError:
    message = found["message"] or ""
    details = _details_of(found, row)
    wait = _wait_in(headers.get("retry-after"), headers.get("date"))
    if row is None:
        error = BaseApiError(message)
        error.code, error.status = found["code"], status
        error.reason, error.retry, error.action = _MEANINGS.get(status, _MEANINGS.get(status // 100, ("unknown", "never", "contact_support")))
    else:
        error = row["cls"](message)
        if row["recognised"]["codes"] and found["code"] is not None and _text(found["code"]) != _text(error.code):
            error.code = found["code"]
        # The status that it stands for: an error inside a success has its entry's.
        if status >= 400 and status != error.sent_as:
            error.status = status
        error.details = row["details_cls"](**{attribute: details.get(name) for name, attribute, _, _ in row["details"]})
        if wait is None and row["wait"] is not None:
            wait = details.get(row["wait"])
        if row["wait_helps"] is not None and details.get(row["wait_helps"]) is False:
            error.retry = "never"
            error.action = "pay_or_upgrade" if error.action in ("wait", "wait_for_reset") else error.action
    error.raw_details = details
    error.request_id = found["request_id"] or headers.get("@request-id-header@")
    error.retry_after_seconds = wait
    error.is_undone = status == 429 or (row is not None and (row["undone"] or (status == 503 and row["undone_503"])))
    advice = headers.get("x-should-retry")
    error.should_retry = advice == "true" if advice in ("true", "false") else None
    return error


def _wait_in(value: Optional[str], date: Optional[str]) -> Optional[int]:
    """Whole seconds, or a date that is measured against the sender's own clock (RFC 9110 section 10.2.3)."""
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,15}", value.strip()) is not None:
        return int(value)
    try:
        at, sent = email.utils.parsedate_to_datetime(value), email.utils.parsedate_to_datetime(date or "")
        return max(0, math.ceil((at - sent).total_seconds()))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


#: What a status says where the code is not known: weaker than an entry, better than nothing. Other statuses mean what the x00 of their class means.
_MEANINGS: Dict[int, Tuple[str, str, str]] = {
    401: ("credential.invalid", "never", "authenticate"),
    402: ("credit.insufficient", "never", "pay_or_upgrade"),
    403: ("permission.denied", "never", "request_access"),
    404: ("resource.not_found", "never", "fix_request"),
    405: ("method.not_allowed", "never", "fix_request"),
    408: ("network.timeout", "backoff", "wait"),
    409: ("resource.conflict", "never", "fix_request"),
    410: ("resource.gone", "never", "fix_request"),
    413: ("request.too_large", "never", "fix_request"),
    415: ("request.unsupported_media", "never", "fix_request"),
    429: ("rate.limited", "wait", "wait"),
    502: ("upstream.failed", "backoff", "wait"),
    503: ("upstream.unavailable", "backoff", "wait"),
    504: ("upstream.timeout", "backoff", "wait"),
    4: ("request.invalid", "never", "fix_request"),
    5: ("internal", "backoff", "contact_support"),
}
`
