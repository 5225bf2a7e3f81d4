import { expect, it } from 'vitest'
import { toCredentials } from './credentials.ts'
import { problemsWhen, type Change } from './fixtures/nexalayer-config.ts'

const mend = 'add { header: authorization, scheme: bearer, token: true } to credentials.from'

it.each<[string, Change, readonly string[]]>([
  [
    'handlers and settings of tokens that nobody can show',
    (a) => a.credentials.from.pop(),
    [
      `routes[4].handler: issueToken is about tokens, but no credential of this API is one; ${mend}`,
      `routes[5].handler: refreshToken is about tokens, but no credential of this API is one; ${mend}`,
      `routes[6].handler: rotateSecret is about tokens, but no credential of this API is one; ${mend}`,
      `tokens: are of no use: no credential of this API is a token; ${mend}`,
    ],
  ],
  ['tokens that nobody issues', (a) => a.routes.splice(4, 1), ['credentials.from[1].token: nobody can have a token: no route issues them; add { on: POST /auth/token, public: true, handler: issueToken }, or tokens.issuers']],
  ['one header for two credentials', (a) => (a.credentials.from[1].header = 'X-Api-Key'), ['credentials.from[1].header: x-api-key is looked at by from[0] already, whatever its scheme; one header holds one kind of credential']],
  ['a place that is none', (a) => (a.credentials.from[0] = {}), ['credentials.from[0]: must have exactly one of header, query, subprotocol']],
  ['a place that is two', (a) => (a.credentials.from[0].subprotocol = 'tollgate.key.'), ['credentials.from[0]: must have exactly one of header, query, subprotocol']],
  ['a subprotocol that is no beginning', (a) => (a.credentials.from[0] = { subprotocol: 'key' }), ['credentials.from[0].subprotocol: "key" must be a name that ends in a dot, such as tollgate.key.']],
  ['a scheme before a subprotocol', (a) => (a.credentials.from[0] = { subprotocol: 'tollgate.key.', scheme: 'Bearer' }), ['credentials.from[0].scheme: "Bearer" belongs to a header']],
  ['the header of all subprotocols', (a) => (a.credentials.from[0].header = 'Sec-WebSocket-Protocol'), ['credentials.from[0].header: "Sec-WebSocket-Protocol" holds more than a credential; write { subprotocol: tollgate.key. }']],
  [
    'two subprotocols that cannot be told apart',
    (a) => a.credentials.from.push({ subprotocol: 'tollgate.key.' }, { subprotocol: 'tollgate.' }),
    ['credentials.from[3].subprotocol: "tollgate." cannot be told from that of from[2]; choose names of which none begins with the other'],
  ],
  ['a token that lives too short', (a) => (a.tokens.expires = '10ms'), ['tokens.expires: "10ms" is too small']],
  ['a secret prefix that is none', (a) => (a.tokens.secretPrefix = 'a s'), ['tokens.secretPrefix: "a s" may have only letters, digits, - and _ (24 at most)']],
  ['a scope that includes all', (a) => (a.scopeImplies.admin = ['*']), ['scopeImplies.admin: cannot include "*"; give the scope * to the keys that may do everything']],
  ['a token asked for with a credential', (a) => delete a.routes[4].public, ['routes[4].public: must be true: who asks issueToken for a token has key and secret in the body, and no credential yet', ]],
  ['a token refreshed without one', (a) => ((a.routes[5].public = true), (a.routes[5].steps = [])), ['routes[5].public: must be left out: refreshToken is for a caller who is known']],
  ['a secret rotated by nobody', (a) => ((a.routes[6].public = true), (a.routes[6].steps = [])), ['routes[6].public: must be left out: rotateSecret is for a caller who is known']],
  ['a handler that there is not', (a) => (a.routes[4].handler = 'issueTokens'), ['routes[4].handler: must not be "issueTokens"; did you mean "issueToken"?']],
  ['a handler and an upstream', (a) => (a.routes[5].upstream = 'nexalayer'), ['routes[5].upstream: "nexalayer" is never asked: the handler answers; take one of the two away']],
  ['a handler and timeouts', (a) => (a.routes[5].timeouts = { idle: '1s' }), ['routes[5].timeouts: belong to an upstream, which is never asked: the handler answers']],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})

it('a header keeps its case: callers without a key are told its name as it is written', () => {
  expect(toCredentials({ from: [{ header: 'Authorization', scheme: 'bearer', token: false }], prefix: 'ak_' })).toEqual({
    from: [{ in: 'header', name: 'Authorization', scheme: 'bearer' }],
    prefix: 'ak_',
  })
})

it('a subprotocol is a place within the header of all of them', () => {
  expect(toCredentials({ from: [{ subprotocol: 'tollgate.token.', token: true }], prefix: '' })).toEqual({
    from: [{ in: 'subprotocol', prefix: 'tollgate.token.', token: true }],
    prefix: '',
  })
})
