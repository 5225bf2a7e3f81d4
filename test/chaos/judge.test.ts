/** The judge finds nothing in an honest tale, and each fault that is planted in one. */
import { describe, expect, it } from 'vitest'
import { limits, type CountedMeter } from './counts.ts'
import { actOf, callOf, EXPIRES_AT_MS, honestTale, honestTaleOfTwo, lastOf, ok, orderOf, problem, rowOf, runOf, the, type Tale } from './honest-tale.ts'
import { judge } from './judge.ts'
import { HOLD_MS } from './shop.ts'

type Planted = readonly [what: string, found: RegExp, plant: (tale: Tale) => unknown]

const money: readonly Planted[] = [
  ['money that the balance has and the ledger has not', /of its grants/, ({ books }) => (the(books.balances).availableUnits += 1)],
  ['a hold that stays', /held, by its ledger/, (tale) => tale.books.rows.push({ ...rowOf(tale, 'c1', 'hold'), number: 99, cursor: 99, callId: 'c9' })],
  ['a row that is gone', /ledger: gap/, ({ books }) => books.rows.splice(3, 1)],
  ['a grant that was acknowledged and is gone', /the grant g2 was acknowledged/, ({ history }) => history.grants.push({ account: 'rich', id: 'g2', units: 5, acknowledged: true })],
  ['a grant that nobody made', /nobody made the grant g1/, ({ history }) => history.grants.pop()],
  ['a grant of another amount', /g1 of 999 was made as/, ({ history }) => (the(history.grants).units = 999)],
]

const charges: readonly Planted[] = [
  ['a charge of a call that the service never saw', /never saw its call/, ({ history }) => history.runs.shift()],
  ['a charge of which its service said another price', /the service said 21/, (tale) => (runOf(tale, 'c2').saidUnits = 21)],
  ['a charge at the deadline of what is to be released then', /at the deadline nothing is charged/, (tale) => (rowOf(tale, 'c2').reason = 'deadline')],
  ['a charge at the deadline that no route declares', /no route charges so much/, (tale) => (rowOf(tale, 'c3').units = 50)],
  ['a charge for tokens that were not used', /600 tokens in 2 events are 30/, (tale) => (rowOf(tale, 'c6').units = 31)],
  ['a charge for an answer that the service never began', /the service has not answered/, (tale) => delete runOf(tale, 'c1').status],
  ['a charge for a reason that there is not', /there is no such reason/, (tale) => (rowOf(tale, 'c1').reason = 'greed')],
  ['a charge whose call does not know of it', /its call is undefined/, ({ books }) => books.calls.shift()],
  ['a success that is not charged', /costs 10, and 0 were charged/, (tale) => (rowOf(tale, 'c1').kind = 'release')],
  ['a settlement that was acknowledged and is none', /acknowledged with 31, and 30 were charged/, (tale) => (actOf(tale, 'c4').body = '{"charged":"0.31"}')],
  ['a release that was acknowledged and charged', /release of later-4 .* was acknowledged, and 30/, (tale) => (actOf(tale, 'c4').action = 'release')],
  ['a charge that stands, and is refused when it is asked for again', /charge of later-4 .* was refused, and it stands/, (tale) => (actOf(tale, 'c4').status = 410)],
  ['a call API that has forgotten a call', /charge of later-4 .* was answered 404/, (tale) => (actOf(tale, 'c4').status = 404)],
  ['a call API that answers in another way', /was answered 500/, (tale) => (actOf(tale, 'c4').status = 500)],
]

const keys: readonly Planted[] = [
  ['two charges under one key', /said-2 was charged 2 times/, (tale) => (tale.history.runs.push({ ...runOf(tale, 'c2'), callId: 'c2b' }), tale.books.rows.push({ ...rowOf(tale, 'c2'), callId: 'c2b' }))],
  ['two charges under one key, of calls that the service never saw', /kept-3 was charged 2 times/, (tale) => (tale.books.calls.push({ ...callOf(tale, 'c3'), id: 'c3b' }), tale.books.rows.push({ ...rowOf(tale, 'c3'), callId: 'c3b' }))],
  ['a key that nobody has sent', /c2 has claimed a key that nobody has sent/, (tale) => (callOf(tale, 'c2').claim = { scope: 'other', fingerprint: 'f', keptUntilMs: 0 })],
  ['a key that did not reach the service', /under the key undefined/, (tale) => (runOf(tale, 'c2').key = undefined)],
  ['another answer to the same key', /said-2 was answered 200 .*, before 200/, (tale) => Object.assign(lastOf(tale, 'said-2').reply, { body: '{"order":"said-2"}' })],
  ['a key that forgets its answer', /said-2 was answered, and later told upstream.timeout/, (tale) => (lastOf(tale, 'said-2').reply = problem('upstream.timeout', 504, 'x'))],
  ['a key that is run again after its answer', /ran again \(c2b\) after it was answered/, (tale) => tale.history.runs.push({ ...runOf(tale, 'c2'), callId: 'c2b', atMs: 9_000 })],
  ['a key that is run again while nobody knows', /ran again \(c2\) 20 ms after c2a was asked for, whose outcome nobody knew/, (tale) => tale.history.runs.unshift(unfinished(tale, { callId: 'c2a', atMs: 2_010 }))],
  ['a key that is run again though it is charged', /whatever became of c3a is charged/, (tale) => tale.history.runs.push(...['c3a', 'c3'].map((callId) => unfinished(tale, { callId, order: 'kept-3', kind: 'kept', key: 'key 3' })))],
  ['a key that is locked beyond its deadline', /said to be in progress/, (tale) => {
    const startMs = 2_050 + HOLD_MS + 600
    orderOf(tale, 'said-2').attempts.splice(1, 3, { startMs, endMs: startMs + 1, reply: problem('idempotency.in_progress', 409, 'c2x') })
  }],
  ['a key that is locked beyond its deadline, of a caller who went away while the process lived', /said to be in progress 3550 ms after/, (tale) => {
    const startMs = 3_100 + HOLD_MS + 550
    tale.history.deaths.push(2_900, 3_100)
    orderOf(tale, 'said-2').attempts.splice(0, 4, { startMs: 2_000, endMs: 2_050, reply: { kind: 'broken', aborted: false } }, { startMs: 2_950, endMs: 2_960, reply: { kind: 'broken', aborted: true } }, { startMs, endMs: startMs + 1, reply: problem('idempotency.in_progress', 409, 'c2x') })
  }],
  ['a key that is in progress in the end', /said-2 has no answer in the end/, (tale) => orderOf(tale, 'said-2').attempts.splice(2)],
  ['a key whose outcome nobody knows and nobody has paid', /said to be unknown in the end, and it was charged 0/, (tale) => {
    lastOf(tale, 'said-2').reply = problem('upstream.timeout', 504, 'x')
    rowOf(tale, 'c2').kind = 'release'
  }],
]

const answers: readonly Planted[] = [
  ['an answer in HTML', /it is no problem/, (tale) => Object.assign(lastOf(tale, 'kept-3').reply, { type: 'text/html', body: '<html>' })],
  ['an empty refusal', /it is no problem/, (tale) => Object.assign(lastOf(tale, 'kept-3').reply, { type: '', body: '' })],
  ['a code that is not the contract’s', /no such answer/, (tale) => (lastOf(tale, 'kept-3').reply = problem('oops', 500, 'x'))],
  ['a code with another status', /no such answer/, (tale) => (lastOf(tale, 'kept-3').reply = problem('upstream.timeout', 500, 'x'))],
  ['a refusal under another request id', /its request ids differ/, (tale) => Object.assign(lastOf(tale, 'kept-3').reply, { callId: 'c9' })],
  ['an internal error', /expected was/, (tale) => (lastOf(tale, 'kept-3').reply = problem('internal', 500, 'x'))],
  ['the answer to something else', /the answer to something else/, (tale) => (lastOf(tale, 'plain-1').reply = ok('plain-7', 'c1'))],
  ['nonsense that is taken for other nonsense', /nonsense was answered 404/, ({ history }) => (the(history.probes).codes = ['request.invalid'])],
  ['what the program itself calls an error', /the program said: boom/, ({ history }) => history.errors.push('boom')],
]

const leases: readonly Planted[] = [
  ['a lease that lives too long', /ses_5 is alive 1000 ms after its end/, ({ books }) => (books.endedAtMs = EXPIRES_AT_MS + 1_000)],
  ['something alive that no lease has', /2 of sessions are alive for account:rich, by the leases 1/, ({ books }) => (the(books.alive).used = 2)],
  ['a lease that was acknowledged and is gone', /the lease ses_5 was acknowledged/, ({ books }) => books.leases.pop()],
  ['a lease that nobody has named', /nobody has named the lease ses_5/, (tale) => (runOf(tale, 'c5').acts = [])],
  ['a lease that lives until another time', /lives until 90000, said was 1/, (tale) => (actOf(tale, 'c5').expiresAtMs = 1)],
  ['a lease whose end was acknowledged', /the end of ses_5 was acknowledged/, (tale) => runOf(tale, 'c5').acts.push({ action: 'end', lease: 'ses_5', status: 200, type: 'application/json', body: '{}' })],
]

/** A run like that of said-2 that has never answered. */
function unfinished(tale: Tale, change: Partial<Tale['history']['runs'][number]>): Tale['history']['runs'][number] {
  const { status: _, ...run } = runOf(tale, 'c2')
  return { ...run, ...change }
}

const countsOf = ({ history: { counts = [] } }: Tale, meter: CountedMeter) => counts.filter((each) => each.meter === meter)
const firstCount = (tale: Tale, meter: CountedMeter) => the(countsOf(tale, meter))
const refusedCount = (tale: Tale, meter: CountedMeter) => the(countsOf(tale, meter), ({ outcome }) => outcome === 'refused')

/** What only several gateways can do wrong together, and what of one must be found among several. */
const ofSeveral: readonly Planted[] = [
  ['an update that is lost: two gateways have written over the same balance', /ledger: sum/, ({ books }) => {
    const last = the(books.rows.toReversed())
    const before = the(books.rows.toReversed(), ({ callId }) => callId !== last.callId)
    books.rows.push({ ...last, kind: 'hold', callId: 'c9', number: last.number + 1, cursor: last.cursor + 1, units: 10, availableUnits: before.availableUnits - 10, heldUnits: before.heldUnits + 10 })
  }],
  ['two rows of one number', /ledger: gap/, ({ books }) => (the(books.rows.toReversed()).number -= 1)],
  ['one key that both gateways have charged', /kept-3 was charged 2 times/, (tale) => (tale.books.calls.push({ ...callOf(tale, 'c3'), id: 'c3b' }), tale.books.rows.push({ ...rowOf(tale, 'c3'), callId: 'c3b' }))],
  ['a call that was charged twice', /settled before/, (tale) => tale.books.rows.push({ ...rowOf(tale, 'c2'), number: 99 })],
  ['a hold that a dead gateway left behind', /held, by its ledger/, (tale) => tale.books.rows.push({ ...rowOf(tale, 'c1', 'hold'), number: 99, cursor: 99, callId: 'c9' })],
  ['a window that is taken once more by the other gateway', /21 calls took burst/, (tale) => (refusedCount(tale, 'burst').outcome = 'admitted')],
  ['a window that each gateway has for itself', /40 calls took burst/, (tale) => tale.history.counts?.push(...countsOf(tale, 'burst').filter(({ outcome }) => outcome === 'admitted').map((each) => ({ ...each, gateway: 'third' })))],
  ['a window that refuses while there is room', /burst was refused between .* at most 19 of 20/, (tale) => (firstCount(tale, 'burst').outcome = 'refused')],
  ['a quota that is taken once more', /401 calls took daily/, (tale) => (refusedCount(tale, 'daily').outcome = 'admitted')],
  ['a quota that refuses while there is room', /daily was refused/, (tale) => (firstCount(tale, 'daily').outcome = 'refused')],
  ['a slot that two gateways have given', /4 calls had a slot/, (tale) => {
    const refused = refusedCount(tale, 'parallel')
    Object.assign(refused, { outcome: 'admitted', worked: { fromMs: refused.startMs, untilMs: refused.startMs + 50 } })
  }],
  ['a slot that nobody has and nobody gets', /parallel was refused between .* at most 0 of 3/, (tale) => {
    const late = refusedCount(tale, 'parallel')
    late.startMs += 60_000
    late.endMs += 60_000
  }],
  ['a row that is missing in the request log', /plain-1 was answered 200 \(c1\) by left, and is not in the request log/, ({ books }) => books.logged?.shift()],
  ['a row of the log that says something else', /its row of the log says 500/, ({ books }) => (the(books.logged ?? []).status = 500)],
  ['a row that is missing though only the other gateway died', /is not in the request log/, ({ history, books }) => {
    history.deathsOf = { left: [], right: [1_100] }
    books.logged?.shift()
  }],
  ['a key that a dead gateway has locked beyond its deadline', /said to be in progress/, (tale) => {
    const startMs = 2_050 + HOLD_MS + 600
    tale.history.deathsOf = { left: [], right: [2_050] }
    orderOf(tale, 'said-2').attempts.splice(1, 3, { startMs, endMs: startMs + 1, reply: { ...problem('idempotency.in_progress', 409, 'c2x'), gateway: 'left' } })
    tale.books.logged?.push({ requestId: 'c2x', status: 409 })
  }],
  ['a key that stays locked for who went away, though its own gateway died long ago', /said to be in progress/, (tale) => {
    const startMs = 8_000 + HOLD_MS
    tale.history.deathsOf = { left: [9_000], right: [2_100] }
    orderOf(tale, 'said-2').attempts.splice(0, 4, { startMs: 2_000, endMs: 2_050, reply: { kind: 'broken', aborted: true, gateway: 'right' } }, { startMs, endMs: startMs + 1, reply: { ...problem('idempotency.in_progress', 409, 'c2x'), gateway: 'left' } })
  }],
]

/** What stands in the docs is no fault. */
const allowed: readonly (readonly [what: string, allow: (tale: Tale) => unknown])[] = [
  ['a row of the log that was on its way when its gateway died', ({ history, books }) => {
    history.deathsOf = { left: [1_100], right: [] }
    books.logged?.shift()
  }],
  ['counts that a crash of Postgres has forgotten', (tale) => {
    const refused = refusedCount(tale, 'burst')
    refused.outcome = 'admitted'
    tale.history.outages = [{ fromMs: refused.startMs - 20, untilMs: refused.startMs + 1_000, counts: ['tail'] }]
  }],
  ['as many again where the counters have lost their data', (tale) => {
    const again = countsOf(tale, 'burst').filter(({ outcome }) => outcome === 'admitted')
    tale.history.counts?.push(...again.slice(0, limits.burst.limit))
    tale.history.outages = [{ fromMs: 51_950, untilMs: 51_990, counts: ['all'] }]
  }],
]

describe('the judge', () => {
  it('finds nothing where there is nothing', () => {
    const { history, books } = honestTale()
    expect(judge(history, books)).toEqual([])
  })

  it('lets a key be claimed for a caller who went away, for as long as the process lives, and be locked from then on', () => {
    const tale = honestTale()
    tale.history.deaths.push(9_000)
    const [lockedMs, answeredMs] = [2_200 + HOLD_MS, 2_300 + HOLD_MS]
    orderOf(tale, 'said-2').attempts.splice(
      0,
      4,
      { startMs: 2_000, endMs: 2_050, reply: { kind: 'broken', aborted: true } },
      { startMs: lockedMs, endMs: lockedMs + 1, reply: problem('idempotency.in_progress', 409, 'c2x') },
      { startMs: answeredMs, endMs: answeredMs + 1, reply: ok('said-2', 'c2') },
    )
    expect(judge(tale.history, tale.books)).toEqual([])
  })

  it('finds nothing where there is nothing of two gateways', () => {
    const { history, books } = honestTaleOfTwo()
    expect(judge(history, books)).toEqual([])
  })

  it.each(ofSeveral)('finds %s', (_, found, plant) => {
    const tale = honestTaleOfTwo()
    plant(tale)
    expect(judge(tale.history, tale.books).join('\n')).toMatch(found)
  })

  it.each(allowed)('lets pass %s', (_, allow) => {
    const tale = honestTaleOfTwo()
    allow(tale)
    expect(judge(tale.history, tale.books)).toEqual([])
  })

  it.each([...money, ...charges, ...keys, ...answers, ...leases])('finds %s', (_, found, plant) => {
    const tale = honestTale()
    plant(tale)
    expect(judge(tale.history, tale.books).join('\n')).toMatch(found)
  })
})
