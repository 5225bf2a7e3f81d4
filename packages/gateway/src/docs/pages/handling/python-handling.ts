import type { DescribedContract } from '../../model/described-contract.ts'
import { bodyAccess, codesByRule, statusesByRule, type BodyAccess } from './body-access.ts'
import { ruleComments } from './rule-comments.ts'

/** `call` with the standard library alone. */
export function pythonHandling(described: DescribedContract): string {
  const access = bodyAccess(described)
  const byCode = access.isJson && access.code !== undefined
  const groups = byCode ? codesByRule(described) : statusesByRule(described)
  return `import json
import random
import time
import urllib.error
import urllib.request

RETRY = {
${[...groups].map(([rule, keys]) => [`    # ${ruleComments[rule]}`, ...keys.map((key) => `    ${JSON.stringify(key)}: "${rule}",`)].join('\n')).join('\n')}
}


class Refusal(Exception):
    """What the API refused, and what a program may do about it."""

    def __init__(self, status, code, message, wait_seconds):
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry = RETRY.get(${byCode ? 'code' : 'status'}, "never")
        self.wait_seconds = wait_seconds  # from the answer on


def call(request):
    """The body of a success."""
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            ${successLines(access)}
    except urllib.error.HTTPError as answer:
        raise refusal_of(answer.status, answer.headers, ${access.isJson ? 'json_of(answer.read())' : 'answer.read().decode("utf-8", "replace")'}) from None


${refusalFunction(access)}
${access.isJson ? `

def json_of(text):
    try:
        return json.loads(text)
    except ValueError:
        # Whoever stands between may answer with something else than JSON.
        return {}
` : ''}`
}

function successLines({ isJson, hidden, code, parent, successCode }: BodyAccess): string {
  if (!isJson) return 'return response.read().decode("utf-8")'
  if (!hidden || code === undefined) return 'return json.load(response)'
  return `body = json.load(response)
            if member(body, ${[...parent, code].map((step) => JSON.stringify(step)).join(', ')}) ${successCode === undefined ? 'is None' : `in (None, ${JSON.stringify(successCode)})`}:
                return body
            raise refusal_of(response.status, response.headers, body)`
}

function refusalFunction({ isJson, code, message, parent }: BodyAccess): string {
  const head = 'def refusal_of(status, headers, body):\n    wait_seconds = float(headers.get("Retry-After", 0))'
  if (!isJson) return `${head}\n    return Refusal(status, None, body, wait_seconds)`
  const at = (name: string): string => `member(${['body', ...[...parent, name].map((step) => JSON.stringify(step))].join(', ')})`
  return `${head}
    return Refusal(status, ${code === undefined ? 'None' : at(code)}, ${message === undefined ? 'f"status {status}"' : `${at(message)} or f"status {status}"`}, wait_seconds)


def member(value, *path):
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value`
}

/** Repeats what may be repeated. */
export function pythonLoop(): string {
  return `def call_again(request, attempts=4, first=1.0, most=30.0):
    """Give it what may be sent again: what reads, or what has an idempotency key."""
    for attempt in range(1, attempts + 1):
        try:
            return call(request)
        except Refusal as refusal:
            if attempt == attempts or refusal.retry not in ("wait", "backoff"):
                raise
            # The random part keeps many clients from coming back at one moment.
            pause = 0.0 if refusal.retry == "wait" else min(most, first * 2 ** (attempt - 1))
            time.sleep(max(refusal.wait_seconds, pause) + random.random() * first)
`
}
