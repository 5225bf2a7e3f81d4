/** How to get each answer of NexaLayer, in the order of its page: one table, as long as the page. Who the keys belong to, and in what state: `samples.ts`. */
import type { Recipe } from '../../recipe.ts'
import { bearer, buyAddresses, buyTraffic, get, getWith, idempotent, post, postWith, recharge, renew, reportEvent, rotate, session, terminate, token } from './requests.ts'
import { nexalayerKeys, nexalayerSecrets } from './samples.ts'

const { valid, stranger } = nexalayerKeys

/** The backend allocates in two seconds, and is asked every half second. */
const ALLOCATED_SECONDS = 4
/** `{"alg":"none"}`, whose header and claims are fine otherwise. */
const UNSIGNED_TOKEN = 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJuZXhhX2tleV90b2tlbnMiLCJleHAiOjQxMDI0NDQ4MDB9.'

const successes: readonly Recipe[] = [
  {
    id: 'products',
    title: 'What is for sale',
    cause: 'The products, with their prices for a gigabyte or for an address and a day.',
    request: get(valid, '/products'),
  },
  {
    id: 'create-dynamic',
    title: 'A session by the gigabyte',
    cause: 'Five gigabytes at 3.00: 15.00 is held at once, and charged when the addresses are there.',
    status: 201,
    request: buyTraffic(valid),
  },
  {
    id: 'create-static',
    title: 'Addresses by the day',
    cause: 'Two addresses for thirty days at 0.05: 3.00. They are out of stock for others as long as the session lives.',
    status: 201,
    request: buyAddresses(valid),
  },
  {
    id: 'replayed',
    title: 'The same order twice',
    cause: 'Sent again with the same Idempotency-Key: the first answer comes back under its own request id, and nothing is charged.',
    status: 201,
    before: [{ request: buyTraffic(valid, {}, idempotent('order-{{fresh}}')) }],
    request: buyTraffic(valid, {}, idempotent('order-{{fresh}}')),
  },
  {
    id: 'active',
    title: 'A session that is there',
    cause: 'The backend has allocated it, the price is charged, and here is the proxy to use.',
    before: [{ request: buyTraffic(valid), capture: { session: 'session_id' }, thenWaitSeconds: ALLOCATED_SECONDS }],
    request: session(valid, '{{session}}'),
  },
  {
    id: 'failed',
    title: 'A session that failed costs nothing',
    cause: 'The backend takes the order and then has no address left. The hold is released, and the place in the limit is free again.',
    before: [{ request: buyTraffic(valid, { country: 'zz-late' }), capture: { session: 'session_id' }, thenWaitSeconds: ALLOCATED_SECONDS }],
    request: session(valid, '{{session}}'),
  },
  {
    id: 'renew',
    title: 'Thirty days more',
    cause: 'A static session is renewed at the price of what it occupies: two addresses, thirty days, 3.00.',
    before: [{ request: buyAddresses(valid), capture: { session: 'session_id' }, thenWaitSeconds: ALLOCATED_SECONDS }],
    request: renew(valid, '{{session}}', idempotent('renewal-{{fresh}}')),
  },
  {
    id: 'rotate',
    title: 'Another address',
    cause: 'A dynamic session keeps its id and gets a new proxy.',
    before: [{ request: buyTraffic(valid), capture: { session: 'session_id' }, thenWaitSeconds: ALLOCATED_SECONDS }],
    request: rotate(valid, '{{session}}'),
  },
  {
    id: 'terminate',
    title: 'Terminated by its owner',
    cause: 'Nobody has to wait for it to end. This one was not charged yet, so its hold is released.',
    before: [{ request: buyAddresses(valid), capture: { session: 'session_id' } }],
    request: terminate(valid, '{{session}}'),
  },
  {
    id: 'balance',
    title: 'The balance',
    cause: 'What is there and what is held for sessions on their way, read from the gateway’s ledger.',
    request: get(nexalayerKeys.fiftyLeft, '/billing/balance'),
  },
  {
    id: 'recharge',
    title: 'A recharge that is paid',
    cause: 'After two seconds the money comes in: the service grants it, and the balance has it once.',
    before: [{ request: recharge(valid, '100.00'), capture: { recharge: 'recharge_id' }, thenWaitSeconds: ALLOCATED_SECONDS }],
    request: get(valid, '/billing/recharge/{{recharge}}'),
  },
  {
    id: 'token',
    title: 'A token for key and secret',
    cause: 'Signed by the gateway, good for an hour.',
    request: token(nexalayerKeys.tokens, nexalayerSecrets.tokens),
  },
  {
    id: 'token-used',
    title: 'A call with a token',
    cause: 'In place of the key, with the same rights.',
    before: [{ request: token(nexalayerKeys.tokens, nexalayerSecrets.tokens), capture: { token: 'token' } }],
    request: getWith(bearer('{{token}}'), '/account'),
  },
  {
    id: 'token-refreshed',
    title: 'A token refreshed before its time',
    cause: 'A token that is still good gets a new one, without key and secret.',
    before: [{ request: token(nexalayerKeys.tokens, nexalayerSecrets.tokens), capture: { token: 'token' } }],
    request: postWith(bearer('{{token}}'), '/auth/refresh'),
  },
  {
    id: 'secret-rotated',
    title: 'A new secret',
    cause: 'Shown this once. The one before stays good for a day, so that nothing stands still meanwhile.',
    request: postWith({ 'x-api-key': nexalayerKeys.rotating }, '/account/rotate-secret'),
  },
]

const invalidKey: readonly Recipe[] = [
  {
    id: 'missing-key',
    title: 'No API key',
    cause: 'Neither X-API-Key nor Authorization is there.',
    entry: 'invalidKey',
    request: get(undefined, '/products'),
  },
  {
    id: 'unknown-key',
    title: 'An unknown API key',
    cause: 'Well formed, but nobody has ever been given it.',
    entry: 'invalidKey',
    request: get(nexalayerKeys.unknown, '/products'),
  },
  {
    id: 'revoked-key',
    title: 'A revoked API key',
    cause: 'It worked until its owner revoked it.',
    entry: 'invalidKey',
    request: get(nexalayerKeys.revoked, '/products'),
  },
  {
    id: 'disabled-key',
    title: 'A disabled API key',
    cause: 'Switched off for now; the account has other keys that work.',
    entry: 'invalidKey',
    request: get(nexalayerKeys.disabled, '/products'),
  },
  {
    id: 'expired-key',
    title: 'An expired API key',
    cause: 'It was made to end with the year 2025. Only tokens are refreshed.',
    entry: 'invalidKey',
    request: get(nexalayerKeys.expired, '/products'),
  },
  {
    id: 'malformed-token',
    title: 'A token that is none',
    cause: 'A good key, but sent where a token belongs.',
    entry: 'invalidKey',
    request: getWith(bearer(valid), '/products'),
  },
  {
    id: 'unsigned-token',
    title: 'A token that nobody signed',
    cause: 'It names a key that there is and says that it needs no signature.',
    entry: 'invalidKey',
    request: getWith(bearer(UNSIGNED_TOKEN), '/products'),
  },
  {
    id: 'wrong-secret',
    title: 'The wrong secret',
    cause: 'The key is right, the secret is not: no token.',
    entry: 'invalidKey',
    request: token(nexalayerKeys.tokens, nexalayerSecrets.wrong),
  },
]

const expiredToken: readonly Recipe[] = [
  {
    id: 'expired-token',
    title: 'A token past its hour',
    cause: 'It was issued two hours before the playground started.',
    entry: 'expiredToken',
    request: getWith(bearer('{{expiredToken}}'), '/products'),
  },
  {
    id: 'refreshed-too-late',
    title: 'A refresh that comes too late',
    cause: 'Only a token that is still good can be refreshed; after that key and secret are needed.',
    entry: 'expiredToken',
    request: postWith(bearer('{{expiredToken}}'), '/auth/refresh'),
  },
]

const forbidden: readonly Recipe[] = [
  {
    id: 'read-only-key',
    title: 'A key that may only read',
    cause: 'Buying needs the scope write.',
    entry: 'insufficientPermission',
    request: buyTraffic(nexalayerKeys.readOnly),
  },
  {
    id: 'not-in-plan',
    title: 'An account without a plan for it',
    cause: 'The account exists and its key is valid, but nothing entitles it to this API.',
    entry: 'insufficientPermission',
    request: get(nexalayerKeys.noPlan, '/products'),
  },
]

const limited: readonly Recipe[] = [
  {
    id: 'rate-limit',
    title: 'Five calls at once, two a minute',
    cause: 'The account may call twice in a minute by the clock. Whatever comes beyond that is refused and told how long to wait.',
    entry: 'rateLimitExceeded',
    request: get(nexalayerKeys.twoAMinute, '/products'),
    // One more than two minutes admit, in case that one begins in between.
    parallel: 5,
  },
]

const disabled: readonly Recipe[] = [
  {
    id: 'disabled-account',
    title: 'A disabled account',
    cause: 'The key is fine, the account it belongs to is not.',
    entry: 'accountDisabled',
    request: get(nexalayerKeys.disabledAccount, '/products'),
  },
  {
    id: 'suspended-account',
    title: 'A suspended account',
    cause: 'Suspended until somebody lifts it. The page has one code for both.',
    entry: 'accountDisabled',
    request: get(nexalayerKeys.suspendedAccount, '/products'),
  },
]

const unpaid: readonly Recipe[] = [
  {
    id: 'beyond-balance',
    title: 'More than there is money for',
    cause: 'A thousand gigabytes at 0.10 are 100.00, and there are 50.00. Nothing is taken.',
    entry: 'insufficientBalance',
    facts: { balance: { units: 5_000, scale: 2 }, required: { units: 10_000, scale: 2 } },
    request: buyTraffic(nexalayerKeys.fiftyLeft, { product_no: 'DYN-DC-01', traffic_gb: 1_000 }),
  },
]

const sessions: readonly Recipe[] = [
  {
    id: 'unknown-session',
    title: 'A session that does not exist',
    cause: 'Nobody ever bought it.',
    entry: 'sessionNotFound',
    request: session(valid, 'ses_000000000000000000000000'),
  },
  {
    id: 'foreign-session',
    title: 'Somebody else’s session',
    cause: 'It is there, but another account bought it: whoever asks learns nothing.',
    entry: 'sessionNotFound',
    before: [{ request: buyTraffic(valid), capture: { session: 'session_id' } }],
    request: session(stranger, '{{session}}'),
  },
  {
    id: 'used-up-session',
    title: 'A session whose traffic is used up',
    cause: 'One gigabyte was bought, and 1,024 megabytes are reported as used: that was its end.',
    entry: 'sessionExpired',
    before: [
      { request: buyTraffic(valid, { product_no: 'DYN-DC-01', traffic_gb: 1 }), capture: { session: 'session_id' }, thenWaitSeconds: ALLOCATED_SECONDS },
      { request: reportEvent(valid, '{{session}}', { event_type: 'success', traffic_mb: 1_024 }) },
    ],
    request: session(valid, '{{session}}'),
  },
  {
    id: 'terminated-session',
    title: 'A session that was terminated',
    cause: 'Its owner may still look at it, but not renew it.',
    entry: 'sessionExpired',
    before: [{ request: buyAddresses(valid), capture: { session: 'session_id' } }, { request: terminate(valid, '{{session}}') }],
    request: renew(valid, '{{session}}'),
  },
  {
    id: 'session-limit',
    title: 'A second session',
    cause: 'The account may have one at a time. Waiting seldom helps: terminating the old one does.',
    entry: 'sessionLimitReached',
    request: buyTraffic(nexalayerKeys.oneSession, { product_no: 'DYN-DC-01', traffic_gb: 1 }),
    repeat: 2,
  },
]

const products: readonly Recipe[] = [
  {
    id: 'unknown-product',
    title: 'An unknown product',
    cause: 'The field is there and well formed, but nothing of that number was ever sold.',
    entry: 'productNotFound',
    request: buyTraffic(valid, { product_no: 'DYN-MARS-01' }),
  },
  {
    id: 'retired-product',
    title: 'A retired product',
    cause: 'The gateway still knows its price and holds it; the service no longer sells it, and the hold is released.',
    entry: 'productNotFound',
    request: buyAddresses(valid, { product_no: 'STA-RES-01' }),
  },
  {
    id: 'out-of-stock',
    title: 'More addresses than there are',
    cause: 'Of this product there are twenty addresses in all, and fifty are asked for. Nothing is reserved.',
    entry: 'productOutOfStock',
    request: buyAddresses(valid, { product_no: 'STA-ISP-01', quantity: 50 }),
  },
]

const invalid: readonly Recipe[] = [
  {
    id: 'malformed-json',
    title: 'Malformed JSON',
    cause: 'The body breaks off in the middle.',
    entry: 'invalidRequest',
    request: post(valid, '/sessions', '{"type":"dynamic","config":{'),
  },
  {
    id: 'missing-field',
    title: 'No traffic',
    cause: 'A dynamic session needs to know how many gigabytes.',
    entry: 'invalidRequest',
    request: post(valid, '/sessions', JSON.stringify({ type: 'dynamic', config: { product_no: 'DYN-RES-01' } })),
  },
  {
    id: 'foreign-field',
    title: 'A field of the other kind',
    cause: 'A dynamic session has no quantity; it would multiply the price.',
    entry: 'invalidRequest',
    request: buyTraffic(valid, { quantity: 3 }),
  },
  {
    id: 'other-kind',
    title: 'A product of the other kind',
    cause: 'Only the service knows which kind a product is: it refuses, and the hold is released.',
    entry: 'invalidRequest',
    request: buyTraffic(valid, { product_no: 'STA-DC-01' }),
  },
  {
    id: 'timed-without-interval',
    title: 'Timed, but how often?',
    cause: 'What no schema says: a timed rotation needs its interval.',
    entry: 'invalidRequest',
    request: buyTraffic(valid, { rotation: { mode: 'timed' } }),
  },
  {
    id: 'renew-dynamic',
    title: 'Renewing what has no days',
    cause: 'A dynamic session ends with its traffic; only static ones are renewed.',
    entry: 'invalidRequest',
    before: [{ request: buyTraffic(valid), capture: { session: 'session_id' } }],
    request: renew(valid, '{{session}}'),
  },
  {
    id: 'rotate-static',
    title: 'Rotating what is fixed',
    cause: 'A static session keeps its addresses; only dynamic ones rotate.',
    entry: 'invalidRequest',
    before: [{ request: buyAddresses(valid), capture: { session: 'session_id' } }],
    request: rotate(valid, '{{session}}'),
  },
  {
    id: 'still-creating',
    title: 'Too early',
    cause: 'The session is on its way; it can be rotated once it is active.',
    entry: 'invalidRequest',
    before: [{ request: buyTraffic(valid), capture: { session: 'session_id' } }],
    request: rotate(valid, '{{session}}'),
  },
  {
    id: 'unknown-path',
    title: 'An unknown path',
    cause: 'There is no such endpoint, and the page has no code of its own for that.',
    entry: 'notFound',
    request: get(valid, '/proxies'),
  },
  {
    id: 'unknown-recharge',
    title: 'A recharge that does not exist',
    cause: 'Neither a session nor a product, so it has no code of its own.',
    entry: 'notFound',
    request: get(valid, '/billing/recharge/rch_0000000000000000'),
  },
  {
    id: 'wrong-method',
    title: 'The wrong method',
    cause: 'Products can only be read.',
    entry: 'methodNotAllowed',
    request: post(valid, '/products', '{}'),
  },
]

const conflicts: readonly Recipe[] = [
  {
    id: 'other-payload',
    title: 'One key for two orders',
    cause: 'The Idempotency-Key was used for five gigabytes; now it comes with six.',
    entry: 'idempotencyMismatch',
    before: [{ request: buyTraffic(valid, {}, idempotent('order-{{fresh}}')) }],
    request: buyTraffic(valid, { traffic_gb: 6 }, idempotent('order-{{fresh}}')),
  },
  {
    id: 'still-running',
    title: 'The same order at the same time',
    cause: 'While the first waits for a backend that says nothing, the second with its Idempotency-Key is told so at once.',
    entry: 'idempotencyInProgress',
    request: buyTraffic(valid, { country: 'zz-timeout' }, idempotent('order-{{fresh}}')),
    parallel: 2,
  },
]

const broken: readonly Recipe[] = [
  {
    id: 'backend-fails',
    title: 'The backend answers 503',
    cause: 'The service has asked, and the backend could not. The hold is released.',
    entry: 'backendError',
    request: buyTraffic(valid, { country: 'zz-error' }),
  },
  {
    id: 'backend-nonsense',
    title: 'The backend answers with a web page',
    cause: 'Status 200, but no order in it: that is no success.',
    entry: 'backendError',
    request: buyTraffic(valid, { country: 'zz-garbage' }),
  },
  {
    id: 'backend-refuses',
    title: 'The backend refuses the connection',
    cause: 'Nobody listens there. The hold is released.',
    entry: 'backendError',
    request: buyTraffic(valid, { country: 'zz-refused' }),
  },
  {
    id: 'backend-silent',
    title: 'The backend does not answer',
    cause: 'After three seconds nobody knows whether it took the order, so the money stays held until that is known.',
    entry: 'backendTimeout',
    request: buyTraffic(valid, { country: 'zz-timeout' }),
  },
  {
    id: 'mistyped-product',
    title: 'A fault in our own data',
    cause: 'The service sells this product by the orbit, and knows no such unit. Its error stays in its log, and the hold is released.',
    entry: 'internalError',
    request: buyTraffic(valid, { product_no: 'DYN-SAT-01' }),
  },
]

export const nexalayerRecipes: readonly Recipe[] = [
  ...successes, ...invalidKey, ...expiredToken, ...forbidden, ...limited, ...disabled, ...unpaid, ...sessions, ...products, ...invalid, ...conflicts, ...broken,
]
