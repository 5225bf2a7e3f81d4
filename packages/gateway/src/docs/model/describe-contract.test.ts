import { catalog, chatads, nexalayer } from 'tollgate/catalog'
import { refuse, toReceivedHeaders, type Contract } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { describeContract, EXAMPLE_NOW_MS } from './describe-contract.ts'

const written = Object.values(catalog).filter(({ declaration }) => declaration.decodeOnly !== true)
const described = (contract: Contract) => describeContract(contract, { nowMs: EXAMPLE_NOW_MS })
const entryOf = (contract: Contract, id: string) => {
  const entry = described(contract).entries.find((each) => each.id === id)
  if (entry === undefined) throw new Error(`no entry ${id}`)
  return entry
}

describe.each(written.map((contract) => [contract.name, contract] as const))('%s, described', (_, contract) => {
  const { entries, requestId } = described(contract)

  it('has each entry, at an address of its own', () => {
    expect(entries.map(({ id }) => id)).toEqual([...contract.entries.keys()])
    expect(new Set(entries.map(({ address }) => address.toLowerCase())).size).toBe(entries.length)
  })

  it('shows the bytes that the contract writes for the facts of the example, under the status of the entry', () => {
    for (const { id, reason, sentAs, example } of entries) {
      const { status, body } = contract.answer(refuse(reason, example.facts, { entry: id }), { requestId: requestId.example, nowMs: EXAMPLE_NOW_MS, request: (path) => (path === 'length' ? undefined : 1) })
      expect({ status, body }).toEqual({ status: sentAs, body: example.answer.body })
    }
  })

  it('shows examples that are read as what they are examples of, where the wire tells entries apart', () => {
    // XML is read by who brings a parser; the catalog alone does not.
    if (contract.declaration.envelope.contentType?.includes('xml') === true) return
    for (const { id, example } of entries) {
      const { status, headers, body } = example.answer
      const read = contract.read({ status, headers: toReceivedHeaders(headers), body })
      expect([id, read?.entry]).toEqual([id, contract.loss.entries[id] ?? id])
    }
  })

  it('says for whom, what and when, without a gap', () => {
    for (const { meaning, steps, causes, retry, facts } of entries) {
      expect(meaning).not.toBe('')
      expect(steps.every((step) => step !== '')).toBe(true)
      expect(causes.length).toBeGreaterThan(0)
      expect(retry.rule !== 'wait' || retry.clock !== undefined).toBe(true)
      for (const { always, example, name, constant } of facts) expect([name, always && example === undefined && constant === undefined]).toEqual([name, false])
    }
  })

  it('is the same each time', () => {
    expect(JSON.stringify(described(contract))).toBe(JSON.stringify(described(contract)))
  })
})

it('tells on which clock a wait goes, and who says it', () => {
  expect(entryOf(nexalayer, 'rateLimitExceeded').retry.clock).toMatchObject({ kind: 'answer', toldBy: ['Retry-After', 'error.details.retry_after'] })
  expect(entryOf(chatads, 'dailyQuotaExceeded').retry).toMatchObject({ rule: 'never', clock: { kind: 'reset', toldBy: ['Retry-After', 'error.details.reset_at'] } })
  expect(entryOf(nexalayer, 'backendTimeout').retry.clock).toMatchObject({ kind: 'own', toldBy: [] })
  expect(entryOf(nexalayer, 'expiredToken').retry.clock).toBeUndefined()
})

it('tells what shares a status and is cured in another way', () => {
  expect(entryOf(nexalayer, 'rateLimitExceeded').related).toEqual([{ id: 'sessionLimitReached', why: 'The same status 429, and no program repeats it: end something that is in use, and send the request again' }])
  expect(entryOf(nexalayer, 'idempotencyMismatch').related.map(({ id }) => id)).toEqual(['productOutOfStock', 'idempotencyInProgress'])
})

it('tells where a figure stands, its type, its unit, and whether it is always there', () => {
  expect(entryOf(nexalayer, 'insufficientBalance').facts).toEqual([
    { name: 'balance', wireName: 'current_balance', place: 'error.details.current_balance', detailType: 'money', type: 'number', unit: 'major units: 50.5 is fifty and a half', always: true, whenUnknown: 'required', constant: undefined, meaning: 'How much credit is available.', example: 50 },
    { name: 'required', wireName: 'required_amount', place: 'error.details.required_amount', detailType: 'money', type: 'number', unit: 'major units: 50.5 is fifty and a half', always: true, whenUnknown: 'required', constant: undefined, meaning: 'What is needed.', example: 100 },
  ])
})

it('takes the reference from where it is told to be, and from the contract otherwise', () => {
  expect(described(nexalayer).docsUrl).toBe('https://docs.nexalayer.net/errors')
  expect(describeContract(nexalayer, { nowMs: EXAMPLE_NOW_MS, docsUrl: 'https://errors.example.com/' }).docsUrl).toBe('https://errors.example.com')
})
