import { expect, expectTypeOf, it } from 'vitest'
import { nexalayer, jogg } from '../catalog/contracts.ts'
import type { Contract } from '../contract/declare/contract.ts'
import { RefusalError } from '../contract/declare/refusal-error.ts'
import { maySay } from '../gate/way-out/may-say.ts'
import { entryNamed, factsOf, parseProblem } from '../gate/way-out/problem-answer.ts'
import type { ProblemAnswer } from './answer.ts'
import { refusalsOf } from './refusals-of.ts'

const no = refusalsOf(nexalayer)

/** As the gateway understands it. */
function readBack({ status, body }: ProblemAnswer, contract: Contract = nexalayer) {
  const problem = parseProblem(new TextEncoder().encode(body))
  return problem && { ...entryNamed(contract, problem, status), facts: factsOf(problem) }
}

it('says what the gateway reads: the entry, its status, and the details under the names of the API', () => {
  const answer = no.productNotFound({ product_no: 'P-9', title: 'No such product' })
  expect(answer).toEqual({ status: 404, headers: { 'Content-Type': 'application/problem+json' }, body: '{"product_no":"P-9","title":"No such product","status":404,"entry":"productNotFound"}' })
  expect(readBack(answer)).toEqual({ entry: 'productNotFound', reason: 'resource.not_found', facts: { product_no: 'P-9' } })
  expect(readBack(no.backendTimeout())).toEqual({ entry: 'backendTimeout', reason: 'upstream.timeout', facts: {} })
  expect(readBack(refusalsOf(jogg).parameterError({ field: 'size', issue: 'is required' }), jogg)).toMatchObject({ entry: 'parameterError', facts: { field: 'size', issue: 'is required' } })
})

it('a detail whose name means something else in a problem is said under that of its fact', () => {
  expect(readBack(no.sessionExpired({ session_id: 's', state: 'terminated' }))?.facts).toEqual({ session_id: 's', state: 'terminated' })
  // @ts-expect-error `status` would be that of the answer
  expect(() => no.sessionExpired({ session_id: 's', status: 'terminated' })).toThrow('"status" is no detail of it; say it as "state"')
})

it('takes the details of the entry, and no others', () => {
  // @ts-expect-error a slip of "product_no"
  expect(() => no.productNotFound({ produkt_no: 'P-9' })).toThrow('contract "nexalayer" cannot refuse with "productNotFound": "produkt_no" is no detail of it; did you mean "product_no"?')
  // @ts-expect-error the name of the fact, not of the detail
  expect(() => no.productNotFound({ id: 'P-9' })).toThrow('"id" is no detail of it; say it as "product_no"')
  // @ts-expect-error an integer is no text
  expect(() => no.productOutOfStock({ available: 'few' })).toThrow('"available" is "few"; give an integer')
  // @ts-expect-error there is no such entry
  expect(no.productNotFond).toBeUndefined()
  expect(no.constructor).toBeUndefined()
})

it("what is the gateway's own takes leave of it: the same that the gateway itself believes", () => {
  // @ts-expect-error money is the gateway's own
  expect(() => no.insufficientBalance({ current_balance: 1, required_amount: 2 })).toThrow(RefusalError)
  const paid = refusalsOf(nexalayer, { may: ['insufficientBalance', 'rate.*'] })
  expect(readBack(paid.insufficientBalance({ current_balance: 1, required_amount: '2.50' }))?.facts).toEqual({ current_balance: 1, required_amount: '2.50' })
  // @ts-expect-error both details are promised
  expect(() => paid.insufficientBalance({ current_balance: 1 })).toThrow('"required_amount" is missing')
  expect(paid.rateLimitExceeded({ limit: 5, retry_after: 7 }).status).toBe(429)
  // @ts-expect-error a slip in `may`
  refusalsOf(nexalayer, { may: ['rate.*', 'quta.*'] })

  const gatewaysOwn = [...nexalayer.entries.values()].filter(({ reason, id }) => !maySay({ reason, entry: id }, [], false)).map(({ id }) => id)
  expect(gatewaysOwn).toContain('insufficientBalance')
  const table: { readonly [id: string]: unknown } = no
  for (const id of nexalayer.entries.keys()) {
    let said = 'the refusal'
    try {
      ;(table[id] as () => ProblemAnswer)()
    } catch (error) {
      said = String(error)
    }
    expect([id, said.includes("is the gateway's own to say")]).toEqual([id, gatewaysOwn.includes(id)])
  }
})

it('a contract that came from a file has a table too, whose entries may be missing', () => {
  const table = refusalsOf(jogg as Contract)
  expectTypeOf(table['any']).toEqualTypeOf<typeof table[string] | undefined>()
  expect(table['recordNotFound']?.({ title: 'Not found' }).status).toBe(404)
  expect(table['any']).toBeUndefined()
})
