/** What a lint finds in the shipped contracts, and why it stays: they are the contracts of APIs that are as they are. */
import type { IgnoredRule } from '../contract/declare/declaration.ts'

/** Each a rule, or a rule and a path: `code-is-status entries.rateLimited`. */
function because(reason: string, ...places: readonly string[]): readonly IgnoredRule[] {
  return places.map((place) => {
    const [rule = '', path] = place.split(' ')
    return path === undefined ? { rule, reason } : { rule, path, reason }
  })
}

const noRemedies = because('who calls it has the docs of the API; what its entries say is the meaning of each code', 'undocumented-action')
const otherLimits = because('the API has one kind of limit; the other reasons are the nearest answer for a gateway that has more', 'limit-kind-unsaid')
const noKey = because('the API documents no idempotency key, and one that it does not know would be ignored', 'retry-may-pay-twice')
const byCode = because('its clients go by the code, and the docs have a table of what one status means', 'same-status-other-cure')
const numbers = because('amounts are JSON numbers there', 'money-as-number')
const shapes = because('a shape, and no API: who uses it writes the remedies, the docs and the codes of their own', 'undocumented-action', 'retry-may-pay-twice', 'limit-kind-unsaid')

/** By the name of the contract. Look up with `Object.hasOwn`. */
export const keptByCatalog: { readonly [name: string]: readonly IgnoredRule[] } = {
  'ai-api': [
    ...because('the page has one code for every window; the day is told by its details', 'alike-on-the-wire entries.dailyLimitExceeded'),
    ...because('the page has one table for 502 and 503', 'code-with-several-statuses entries.badGateway', 'code-against-status entries.badGateway'),
    ...because('the page has no 405', 'wrong-method-status entries.endpointNotFound'),
    ...because('the tightest window is told, as the page of limits says', 'one-header-set'),
    ...because('the code stands on the page', 'code-embeds-http'),
  ],
  anthropic: [
    ...because('its codes are types of errors: several causes share one, and clients tell them apart by status and sentence', 'two-codes-one-meaning'),
    ...because('a spend limit of an organisation is 429 there, and credit that is too low 400', 'credit-on-two-statuses', 'wait-that-does-not-help', 'limit-kind-unsaid'),
    ...because('where one pays stands in its sentence', 'payment-without-way'),
    ...because('a wrong method is an invalid request there', 'wrong-method-status'),
    ...because('the sentence is all that there is: its envelope has no details', 'figure-in-prose-only'),
    ...byCode,
    ...noKey,
    ...noRemedies,
  ],
  chatads: [
    ...because('the page answers a key that does not serve with 403', 'credential-with-403'),
    ...because('the page has one code, FORBIDDEN, for keys and accounts that do not serve; their sentences differ', 'alike-on-the-wire'),
    ...because('the page has no code for an unknown path or a wrong method', 'code-with-several-statuses entries.notFound'),
    ...because('the page has 422 for what is blocked, and 400 for the rest', 'bad-request-beside-unprocessable'),
    ...because('the tightest of burst, day and month is told', 'one-header-set'),
    ...because('the codes stand on the page', 'code-embeds-http'),
    ...otherLimits,
    ...byCode,
  ],
  jogg: [
    ...because('a wrong and a missing key share code and message on the page, so that an answer does not say which', 'alike-on-the-wire'),
    ...because('the page has no code for a wrong method', 'code-with-several-statuses'),
    ...because('the page has 429 as a code', 'code-is-status entries.rateLimitExceeded'),
    ...because('its answers have three members and no more; the id is in the header', 'request-id-not-shown'),
    ...otherLimits,
    ...noKey,
  ],
  leaperone: [
    ...because('the page has no 403', 'permission-with-401', 'alike-on-the-wire'),
    ...because('the page has no 405', 'wrong-method-status'),
    ...because('the page says for how long: tasks are deleted after 30 days, and then remembered', 'gone-needs-memory'),
    ...because('`error` has three members and no more; the id is in the header', 'request-id-not-shown'),
    ...otherLimits,
    ...noKey,
  ],
  nexalayer: [
    ...because('the page has no code for an unknown path', 'code-with-several-statuses entries.notFound'),
    ...because('the page sends Retry-After with every 429: here the seconds until a session ends by itself', 'wait-that-does-not-help'),
    ...because('the choice is left to who calls, and the sentence says so', 'remedy-against-retry'),
    ...because('the page sends its readers to support, and leaves it out of what is tried again', 'retry-never-on-5xx'),
    ...because('what is over is remembered as long as its record is kept', 'gone-needs-memory'),
    ...otherLimits,
    ...byCode,
    ...numbers,
  ],
  openai: [
    ...because('a deactivated account is 401 there', 'permission-with-401'),
    ...because('a missing and a wrong key look alike there', 'alike-on-the-wire'),
    ...because('rate_limit_exceeded is also the code of tokens, with another status', 'code-with-several-statuses'),
    ...because('it has many codes, some of them older names of the same', 'two-codes-one-meaning'),
    ...because('money is 429 there, and its codes tell it from rates', 'wait-that-does-not-help', 'limit-kind-unsaid'),
    ...because('where one pays stands in its sentence', 'payment-without-way'),
    ...because('the sentence is all that there is: its envelope has no details', 'figure-in-prose-only'),
    ...because('the id is in the header', 'request-id-not-shown'),
    ...byCode,
    ...noKey,
    ...noRemedies,
  ],
  problem: [
    ...because('a wait tells when a session ends by itself', 'wait-that-does-not-help'),
    ...because('one entry for each reason: which of them an API has is its own to say', 'gone-needs-memory', 'bad-request-beside-unprocessable', 'retry-may-pay-twice', 'one-header-set'),
    ...because('the type of problem has the words of its reason', 'code-embeds-http'),
    ...byCode,
    ...numbers,
  ],
  aspnet: [...because('the framework has no figure for it', 'wait-without-figure'), ...shapes, ...numbers],
  fastapi: [
    ...because('the framework has no place for details; the wait is in the header', 'detail-not-shown'),
    ...because('the framework has no figure for it', 'wait-without-figure'),
    ...because('the framework has no request id in its bodies', 'request-id-not-shown'),
    ...shapes,
    ...numbers,
  ],
  graphql: [
    ...because('GraphQL with application/json answers 200 (GraphQL over HTTP, section 6.4.1)', 'hidden-status'),
    ...because('the shape has no figure for it', 'wait-without-figure'),
    ...because('the codes are those that servers of GraphQL use', 'code-embeds-http'),
    ...byCode,
    ...shapes,
    ...numbers,
  ],
  'json-api': [...because('the shape has no figure for it', 'wait-without-figure'), ...because('the codes are examples', 'code-embeds-http'), ...byCode, ...shapes, ...numbers],
  'json-rpc': [
    ...because('JSON-RPC over HTTP answers 200 where the call itself was understood', 'hidden-status'),
    ...because('-32602 is for parameters that are understood and not taken', 'bad-request-beside-unprocessable'),
    ...because('the shape has no figure for it', 'wait-without-figure'),
    ...because('an error of JSON-RPC has the id of its request; ours is in the header', 'request-id-not-shown'),
    ...byCode,
    ...shapes,
    ...numbers,
  ],
  mcp: [
    ...because('-32602 and its like are given by the protocol', 'two-codes-one-meaning'),
    ...because('servers of MCP say the status as the code where the protocol has none', 'code-is-status'),
    ...because('a tool that failed is a result there, and nobody knows whether it was done', 'retry-never-on-5xx', 'hidden-status'),
    ...because('a stream of MCP ends with the response to its request', 'stream-without-end'),
    ...because('the shape has no figure for it', 'wait-without-figure'),
    ...because('an error of JSON-RPC has the id of its request; ours is in the header', 'request-id-not-shown'),
    ...byCode,
    ...shapes,
    ...numbers,
  ],
  s3: [
    ...because('S3 answers keys that do not serve with 403, and tokens that are over with 400', 'credential-with-403', 'refresh-without-401', 'same-status-other-cure'),
    ...because('S3 tells no wait; its clients back off', 'wait-without-figure'),
    ...because('where one pays is the business of the account', 'payment-without-way'),
    ...because('the codes are those of S3', 'code-embeds-http'),
    ...because('S3 takes no key; an object that is put twice is the same object', 'retry-may-pay-twice'),
    ...noRemedies,
  ],
  sms: [
    ...because('the older APIs of this kind answer 200 always, and tell each part of a message by a figure', 'hidden-status', 'credential-with-403', 'wrong-method-status'),
    ...because('there is no figure of a limit or a wait', 'wait-without-figure', 'limit-without-figures'),
    ...because('the parts of a message have ids of their own', 'request-id-not-shown'),
    ...because('a manner of many APIs, and the page of none', 'docs-missing', 'payment-without-way'),
    ...shapes,
  ],
}
