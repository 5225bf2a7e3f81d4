import { expect, it } from 'vitest'
import { configWhen, problemsWhen, type Change } from '../build/fixtures/nexalayer-config.ts'

const step = 'routes[0].steps[1].idempotency'

it('statuses to keep are classes and numbers, and a required key is said so', () => {
  const [api] = configWhen((a) => (a.routes[0].steps[1].idempotency = { header: 'X-Once', required: true, store: ['2xx', 409, '404'] })).apis
  expect(api?.routes[0]?.steps[1]).toEqual({ kind: 'idempotency', header: 'x-once', required: true, storeStatuses: ['2xx', 409, 404] })
})

it.each<[string, Change, readonly string[]]>([
  ['two of them', (a) => a.routes[0].steps.splice(2, 0, { idempotency: {} }), ['routes[0].steps[2].idempotency: the route has an idempotency step already; take one of the two away']],
  ['on a public route', (a) => ((a.routes[3].public = true), (a.routes[3].steps = [{ idempotency: {} }])), ['routes[3].steps[0].idempotency: a public route knows no account whose idempotency keys it could keep']],
  ['where secrets are answered', (a) => a.routes[6].steps.push({ idempotency: {} }), ['routes[6].steps[1].idempotency: what rotateSecret answers is a secret, which must not be kept for a repeat; take this step away']],
  ['after what it is to guard', (a) => a.routes[0].steps.push(...a.routes[0].steps.splice(1, 1)), ['routes[0].steps[3].idempotency: must come before "sessions" is taken: a repeat would otherwise need the price once more to be answered']],
  ['in the header of the credential', (a) => (a.routes[0].steps[1].idempotency.header = 'X-API-Key'), [`${step}.header: x-api-key holds the credential; the idempotency key needs a header of its own`]],
  ['a header that is none', (a) => (a.routes[0].steps[1].idempotency.header = 'a b'), [`${step}.header: "a b" is not a header name`]],
  ['a class of statuses that there is not', (a) => (a.routes[0].steps[1].idempotency.store = ['6xx']), [expect.stringContaining(`${step}.store[0]: must be `)]],
  ['nothing to keep', (a) => (a.routes[0].steps[1].idempotency.store = []), [`${step}.store: must have at least one item`]],
  ['kept for no time', (a) => (a.routes[0].steps[1].idempotency.kept = '0s'), [`${step}.kept: "0s" is too small`]],
  ['a fingerprint of something else', (a) => (a.routes[0].steps[1].idempotency.fingerprint = 'header'), [`${step}.fingerprint: must be bytes or json, not "header"`]],
])('is told where, what and how to mend it: %s', (_, change, problems) => {
  expect(problemsWhen(change)).toEqual(problems)
})
