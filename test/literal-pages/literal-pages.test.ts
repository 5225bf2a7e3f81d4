/**
 * The five pages, written down as they stand: the lint finds the contradictions that a careful reader finds in each of them, and no other. What else it says
 * (what HTTP asks for, what callers need, what a contract must have) is listed beside them, so that nothing is found unseen.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lintContract, lintRules, type LintFinding } from 'tollgate/review'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

/** A rule, and where it finds what is meant; `*` is any part of a path. */
type Seen = readonly [rule: string, ...paths: string[]]

interface Page {
  /** What contradicts what, as a reader would say it, and by what it is seen. */
  readonly contradictions: { readonly [what: string]: readonly Seen[] }
  /** What no contract can say, and why. */
  readonly untold: { readonly [what: string]: string }
  /** What is found besides, and is no contradiction. */
  readonly beside: readonly Seen[]
}

const pages: { readonly [name: string]: Page } = {
  jogg: {
    contradictions: {
      'A: the status is never stated; 200 on one page, 401 in the vendor\'s own tests': [['status-missing', 'entries.*.status'], ['example-status-differs', 'examples[5].status']],
      'B: 429 lives in the field of the five-digit codes': [['code-is-status', 'entries.rateLimitExceeded.code']],
      'C: the message of 429 differs between table and example': [['example-message-differs', 'examples[3].body.msg']],
      'D: `retryAfter` is named, and its own example has none': [['detail-not-shown', 'entries.rateLimitExceeded.details.retryAfter'], ['example-lacks-details', 'examples[3].body']],
      'E: a missing and a wrong key share code and message': [['alike-on-the-wire', 'entries.missingKey']],
      'F: 40000 is bare in the table, and names the field in the example': [['example-message-differs', 'examples[2].body.msg']],
      'G: an unknown URL and a wrong method have no code': [['reason-without-code', 'entries']],
      'H: "20/minute", and "based on your subscription plan"': [['documented-twice', 'documented[1].says.limit']],
      'I: older answers have `rid`, and "success" in lower case': [['example-not-read', 'examples[6].body.msg']],
      'J: the pages of endpoints leave 429 out of their lists': [['documented-list-incomplete', 'documented[2].lists.codes']],
    },
    untold: {},
    beside: [['retry-may-pay-twice', 'idempotencyKey'], ['payment-without-way', 'entries.insufficientCredit.remedy'], ['undocumented-action', 'entries.*.remedy'], ['request-id-not-shown', 'envelope.error']],
  },
  'ai-api': {
    contradictions: {
      'A: 502 and 503 share one table': [['code-with-several-statuses', 'entries.serviceUnavailable502.code', 'entries.overloaded502.code'], ['code-against-status', 'entries.serviceUnavailable502.code']],
      'B: three codes for a model that is not there': [['two-codes-one-meaning', 'entries.modelNotFound.code', 'entries.modelUnavailable.code']],
      'C: the sample never retries 4xx, and 429 is to be retried': [['documented-otherwise', 'documented[1].says.retry']],
      'D: the codes of fields have no status': [['status-missing', 'entries.promptTooLong.status', 'entries.invalidTemperature.status', 'entries.invalidMaxTokens.status', 'entries.invalidImageSize.status', 'entries.invalidImageQuality.status', 'entries.promptViolation.status']],
      'E: `details` has field and issue on the page, and other keys beside it': [
        ['valid-contract', 'entries.*.details'],
        ['detail-not-shown', 'entries.rateLimitExceeded.details.*'],
        ['example-lacks-members', 'examples[1].body', 'examples[2].body'],
        ['example-undeclared-member', 'examples[1].body.error.details.header', 'examples[2].body.error.details.*'],
      ],
      'F: the last example lacks members': [['example-lacks-members', 'examples[0].body'], ['example-lacks-details', 'examples[0].body']],
      'G: 10,000 a month, and 100,000': [['documented-twice', 'documented[4].says.monthlyOfPro']],
      'H: no Retry-After, only `details.retry_after`': [['example-lacks-header', 'examples[2].headers']],
      'I: one set of headers for several windows': [['one-header-set', 'rateLimitHeaders']],
      'J: 201 is listed, and unused': [['documented-status-unused', 'documented[0].lists.statuses']],
      'K: the quick start shows a success without its envelope': [['example-lacks-members', 'examples[3].body'], ['example-undeclared-member', 'examples[3].body.text', 'examples[3].body.model']],
    },
    untold: { 'C, second half: the handler throws an Error without `status`, so that the sample would retry a 401': 'a fault within the code of a sample: nothing that it says of the API' },
    beside: [
      ['reason-without-code', 'entries'],
      ['wait-without-figure', 'entries.concurrentLimitExceeded.retryAfterSeconds', 'entries.serviceUnavailable.retryAfterSeconds', 'entries.overloaded.retryAfterSeconds'],
      ['undocumented-action', 'entries.*.remedy'],
      ['code-embeds-http', 'entries.serviceUnavailable.code'],
    ],
  },
  nexalayer: {
    contradictions: {
      'A: two codes under 429, with Retry-After on both, and only one is cured by waiting': [['same-status-other-cure', 'entries.sessionLimitReached.status'], ['wait-that-does-not-help', 'entries.sessionLimitReached.status']],
      'B: two codes under 401 with opposite advice': [['same-status-other-cure', 'entries.expiredToken.status']],
      'C: refresh on expiry, and before it': [['documented-twice', 'documented[3].says.refresh']],
      'D: is every repeat with a key a 409?': [['idempotency-conflict-unsaid', 'entries.idempotencyConflict']],
      'E: an ended session is 410, or 200 with its status': [['documented-otherwise', 'documented[4].says.status'], ['gone-needs-memory', 'entries.sessionExpired.status']],
      'F: 404 in a POST, for what its body names': [['not-found-in-body', 'examples[1].body.error.details.product_no']],
      'G: money as a number of JSON': [['money-as-number', 'entries.insufficientBalance.details.*']],
      'H: 8 codes are in no class of the retry guidance': [['documented-list-incomplete', 'documented[0].lists.codes']],
      'I: 2^attempt, without unit, bound and jitter': [['documented-backoff-vague', 'documented[1].says.backoff']],
      'J: PRODUCT_OUT_OF_STOCK says "Retry"': [['remedy-against-retry', 'entries.productOutOfStock.remedy']],
    },
    untold: { 'K: `meta.timestamp` is absent, and ai-api has it': 'two APIs differ, and a contract is one of them' },
    beside: [
      ['reason-without-code', 'entries'],
      ['retry-never-on-5xx', 'entries.internalError.retry'],
      ['wait-without-figure', 'entries.rateLimitExceeded.retryAfterSeconds', 'entries.sessionLimitReached.retryAfterSeconds'],
    ],
  },
  leaperone: {
    contradictions: {
      'A: `error.code` is a text, the column "Code" has statuses, and six texts are undefined': [['code-is-status', 'entries.*.code'], ['valid-contract', 'entries.*.attributes'], ['example-not-read', 'examples[0].body.error.code']],
      'B: 429 waits for Retry-After, and the sample does not': [['documented-otherwise', 'documented[0].says.retry']],
      'C: the table has 500, the sample retries all from 500 on': [['documented-status-unused', 'documented[1].lists.statuses']],
      'D: to retry a POST after 500 may pay twice': [['retry-may-pay-twice', 'idempotencyKey']],
      'E: there is no 403': [['reason-without-code', 'entries']],
      'F: 402 says "Add credits, then retry", and is not retryable': [['remedy-against-retry', 'entries.insufficientCredits.remedy']],
      'G: 410 beside 404': [['gone-needs-memory', 'entries.gone.status']],
      'H: headers in every response, or when limited': [['documented-twice', 'documented[3].says.X-RateLimit headers']],
      'I: two shapes of the same success': [['successes-differ', 'examples[2].body']],
    },
    untold: { 'J: URLs of images expire within an hour, too': 'another host answers there; it is no refusal of this API' },
    beside: [['wait-without-figure', 'entries.rateLimited.retryAfterSeconds'], ['limit-without-figures', 'entries.rateLimited.details'], ['request-id-not-shown', 'envelope.error']],
  },
  chatads: {
    contradictions: {
      'A: the examples leave out what always comes': [['example-lacks-members', 'examples[0].body', 'examples[1].body', 'examples[2].body']],
      'B: "Rate Limit Exceeded" shows DAILY_QUOTA_EXCEEDED; a sibling has its text under RATE_LIMIT_EXCEEDED; only one of three codes under 429 passes': [
        ['example-of-another-entry', 'examples[2].entry'],
        ['example-message-differs', 'examples[3].body.error.message'],
        ['example-undeclared-member', 'examples[3].body.error.details.*'],
        ['same-status-other-cure', 'entries.dailyQuotaExceeded.status'],
      ],
      'C: "120 of 100"': [['example-used-over-limit', 'examples[2].body']],
      'D: do blocked requests count?': [['documented-twice', 'documented[1].says.counts against the limits']],
      'E: 10 a day, and 100': [['documented-twice', 'documented[3].says.free a day']],
      'F: a missing key is 401, a wrong one 403; and the 401 has no challenge': [['credential-with-403', 'entries.invalidKey.status'], ['challenge-missing', 'authenticate']],
      'H: 422 for content alone, 400 for the rest': [['bad-request-beside-unprocessable', 'entries.contentBlocked.status']],
      'I: an unknown route and method have no code': [['reason-without-code', 'entries']],
      'J: neither Retry-After nor X-RateLimit-*': [
        ['wait-without-figure', 'entries.rateLimitExceeded.retryAfterSeconds', 'entries.dailyQuotaExceeded.retryAfterSeconds', 'entries.monthlyQuotaExceeded.retryAfterSeconds', 'entries.serviceUnavailable.retryAfterSeconds'],
        ['quota-without-reset', 'entries.dailyQuotaExceeded.details', 'entries.monthlyQuotaExceeded.details'],
        ['limit-without-figures', 'entries.rateLimitExceeded.details', 'entries.monthlyQuotaExceeded.details'],
      ],
    },
    untold: { 'G: `client.analyzeMessage({ message })`, and the SDK takes a text': 'how a function of an SDK is called: a contract says what is answered' },
    beside: [['undocumented-action', 'entries.*.remedy'], ['code-embeds-http', 'entries.missingKey.code', 'entries.invalidKey.code', 'entries.serviceUnavailable.code']],
  },
}

const contradicts = new Set(lintRules.flatMap(({ id, topic }) => (topic === 'contradiction' ? [id] : [])))

function isSeenBy([rule, ...paths]: Seen, finding: LintFinding): boolean {
  return finding.rule === rule && paths.some((path) => new RegExp(`^${path.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)).join(String.raw`[^.[\]]+`)}$`).test(finding.path))
}

const shown = ({ rule, path }: LintFinding): string => `${rule} at ${path}`

describe.each(Object.entries(pages))('%s, written down as it stands', (name, { contradictions, untold, beside }) => {
  const text = readFileSync(join(import.meta.dirname, `${name}.yaml`), 'utf8')
  const declaration = parse(text) as { readonly entries: { readonly [id: string]: { readonly code: string | number; readonly description: string } } }
  const findings = lintContract(declaration)
  const seen = Object.values(contradictions).flat()

  it.each(Object.entries(contradictions))('is seen: %s', (_, by) => {
    for (const [rule, ...paths] of by) for (const path of paths) expect(findings.filter((finding) => isSeenBy([rule, path], finding)).length, `${rule} at ${path}`).toBeGreaterThan(0)
  })

  it('has no other contradiction', () => {
    expect(findings.filter((finding) => contradicts.has(finding.rule) && !seen.some((each) => isSeenBy(each, finding))).map(shown)).toEqual([])
  })

  it('has nothing besides but what is listed, and all of that', () => {
    const others = findings.filter((finding) => !seen.some((each) => isSeenBy(each, finding)))
    expect(others.filter((finding) => !beside.some((each) => isSeenBy(each, finding))).map(shown)).toEqual([])
    expect(beside.flatMap(([rule, ...paths]) => paths.filter((path) => !others.some((finding) => isSeenBy([rule, path], finding))).map((path) => `${rule} at ${path}`))).toEqual([])
    expect(beside.filter(([rule]) => contradicts.has(rule))).toEqual([])
  })

  it('says of what no contract can tell why that is', () => {
    for (const because of Object.values(untold)) expect(because.length).toBeGreaterThan(20)
  })

  it('has the codes of its page, and the descriptions', () => {
    const page = readFileSync(join(import.meta.dirname, `../reference-pages/${name}.md`), 'utf8')
    const strange = Object.entries(declaration.entries).filter(([, { code, description }]) => !page.includes(String(code)) || !page.replaceAll('`', '').includes(description.replaceAll('`', '').replace(/^(?:Wrong|Missing) x-api-key header$/, 'Wrong or missing x-api-key header')))
    expect(strange.map(([id]) => id)).toEqual([])
  })
})

it('each letter of a list of contradictions is told, or said to be untold', () => {
  const letters = Object.entries(pages).map(([name, { contradictions, untold }]) => [name, [...new Set([...Object.keys(contradictions), ...Object.keys(untold)].map((what) => what[0]))].toSorted().join('')])
  expect(Object.fromEntries(letters)).toEqual({ jogg: 'ABCDEFGHIJ', 'ai-api': 'ABCDEFGHIJK', nexalayer: 'ABCDEFGHIJK', leaperone: 'ABCDEFGHIJ', chatads: 'ABCDEFGHIJ' })
})
