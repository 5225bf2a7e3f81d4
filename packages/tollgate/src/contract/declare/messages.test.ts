/** One refusal in several languages: which of them is sent, what the answer says of it, and what must hold between them. */
import { expect, expectTypeOf, it } from 'vitest'
import { contractConformanceCases } from '../../testing/contract-conformance.ts'
import { findRoundTripDifferences } from '../../testing/contract-round-trip.ts'
import { checkContract } from '../check/check-contract.ts'
import { toReceivedHeaders } from '../read/received-headers.ts'
import type { ContractDeclaration, EntryDeclaration } from './declaration.ts'
import { defineContract } from './define-contract.ts'
import type { FactsOf } from './inferred.ts'
import { serverReasons } from './reason.ts'
import { refuse } from './refusal.ts'

const context = { requestId: 'r1', nowMs: 0 }
const declaration = {
  name: 'spoken', title: 'Spoken', language: 'en', envelope: { error: { error: '$message' } },
  entries: {
    failed: { status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => !['internal', 'rate.limited', 'quota.exhausted'].includes(reason)), message: 'It failed.', description: 'It failed.' },
    slow: {
      status: 429, reason: 'rate.limited', description: 'Too many calls.', read: ['At most * a minute.', 'Höchstens * je Minute.', 'Too fast.', 'Zu schnell.', 'No máximo * por minuto.', 'Rápido demais.'],
      message: { en: ['At most {limit} a minute.', 'Too fast.'], de: ['Höchstens {limit} je Minute.', 'Zu schnell.'], 'pt-BR': ['No máximo {limit} por minuto.', 'Rápido demais.'] },
    },
    used: {
      status: 429, reason: 'quota.exhausted', description: 'Your month is used up.', details: { plan: 'string' }, read: ['* is used up.', '* ist verbraucht.', 'Your month is used up.'],
      message: { en: '{plan} is used up.', de: '{plan} ist verbraucht.' },
    },
  },
} as const satisfies ContractDeclaration
const contract = defineContract(declaration)

function said(reason: 'rate.limited' | 'quota.exhausted' | 'internal', acceptLanguage: string | undefined, facts: object = { limit: 5, plan: 'Free' }) {
  const { status, headers, body } = contract.answer(refuse(reason, { ...facts }), { ...context, acceptLanguage })
  const received = toReceivedHeaders(headers)
  return { text: (JSON.parse(body) as { error: string }).error, language: received['content-language'], vary: received['vary'], read: contract.read({ status, headers: received, body }) }
}

it('the language that is asked for is sent where the entry has it, and named', () => {
  expect(said('rate.limited', 'de-AT, en;q=0.5')).toMatchObject({ text: 'Höchstens 5 je Minute.', language: 'de', vary: 'Accept-Language' })
  expect(said('rate.limited', 'pt-br', {})).toMatchObject({ text: 'Rápido demais.', language: 'pt-BR' })
  for (const asked of [undefined, 'fr', '*', 'x'.repeat(5_000)]) expect(said('rate.limited', asked)).toMatchObject({ text: 'At most 5 a minute.', language: 'en', vary: 'Accept-Language' })
  // Of the languages that this one has, the next best.
  expect(said('quota.exhausted', 'pt-BR, de;q=0.5')).toMatchObject({ text: 'Free ist verbraucht.', language: 'de' })
  expect(said('internal', 'de')).toMatchObject({ text: 'It failed.', language: 'en' })
})

it('where a figure is missing that was promised, its own language has words', () => {
  expect(said('quota.exhausted', 'de', {})).toMatchObject({ text: 'Your month is used up.', language: 'en' })
})

it('is read back in each of them, as what it is', () => {
  for (const asked of ['en', 'de', 'pt-BR']) {
    expect(said('rate.limited', asked).read).toMatchObject({ entry: 'slow', language: asked })
    expect(said('quota.exhausted', asked).read?.entry).toBe('used')
    const error = contract.render(refuse('rate.limited', { limit: 5 }), { ...context, acceptLanguage: asked })
    expect(findRoundTripDifferences(contract, error, context)).toEqual([])
  }
  expect(contract.languages).toEqual(['en', 'de', 'pt-BR'])
  expect(contract.loss).toEqual({ members: ['details'], entries: {} })
})

it.each(contractConformanceCases(contract).map(({ name, run }) => [name, run] as const))('%s', (_, run) => expect(run).not.toThrow())

it('a sentence of the service is in a language that nobody knows', () => {
  const { headers } = contract.answer(refuse('rate.limited', {}, { said: 'At most 3 a minute.' }), { ...context, acceptLanguage: 'de' })
  expect(toReceivedHeaders(headers)).toMatchObject({ vary: 'Accept-Language' })
  expect(toReceivedHeaders(headers)).not.toHaveProperty('content-language')
})

it('what else an answer varies by stands beside it', () => {
  const varied = defineContract({ ...declaration, headers: { vary: 'Origin' } })
  expect(toReceivedHeaders(varied.answer(refuse('internal'), context).headers)['vary']).toBe('Origin, Accept-Language')
})

it('a contract of one language says so if it likes, and varies by nothing', () => {
  const { language: _language, entries: { failed } } = declaration
  const alone = { ...declaration, entries: { failed: { ...failed, alsoFor: serverReasons.filter((reason) => reason !== 'internal') } } }
  const headers = (given: ContractDeclaration) => toReceivedHeaders(defineContract(given as typeof alone).answer(refuse('internal'), { ...context, acceptLanguage: 'de' }).headers)
  expect(headers(alone)['content-language']).toBe('en')
  expect(headers(alone)).not.toHaveProperty('vary')
  const { language: _own, ...silent } = alone
  expect(headers(silent)).not.toHaveProperty('content-language')
  expect(defineContract(silent).languages).toEqual([])
})

it('the figures of each language are those that a program may be asked for', () => {
  expectTypeOf<FactsOf<typeof contract, 'slow'>>().toHaveProperty('limit')
  expectTypeOf<FactsOf<typeof contract, 'used'>>().toHaveProperty('plan')
  expect(() => contract.refuse('slow', { limit: 5 })).not.toThrow()
})

const problemsOf = (change: Partial<ContractDeclaration>, slow: Partial<EntryDeclaration> = {}) =>
  checkContract({ ...declaration, entries: { ...declaration.entries, slow: { ...declaration.entries.slow, read: undefined, ...slow } }, ...change }).problems.map(({ path, problem, mend }) => `${path}: ${problem}; ${mend}`)

it.each<[string, Partial<ContractDeclaration>, Partial<EntryDeclaration>, string]>([
  ['no language of the contract', { language: undefined } as never, {}, 'language: is missing, but "slow" has several; name the one that is sent where no other is asked for: language: en'],
  ['a language that is none', { language: 'english!' }, {}, 'language: is no language; write it as BCP 47 does: de, pt-BR'],
  ['an entry without it', { language: 'fr' }, {}, 'entries.slow.message.fr: is missing, and it is the language of the contract; write it, or name another as the language of the contract'],
  ['a tag that is none', {}, { message: { en: 'Too fast.', de_AT: 'Zu schnell.' } }, 'entries.slow.message.de_AT: is no language; write it as BCP 47 does: de, pt-BR'],
  ['a tag twice', {}, { message: { en: 'Too fast.', EN: 'Too fast!' } }, 'entries.slow.message.EN: stands there already, in other letters; leave one out'],
  ['a figure that one language lacks', {}, { message: { en: ['At most {limit}.', 'Too fast.'], de: 'Zu schnell.' } }, 'entries.slow.message.de: is missing, and "en" says it; let each language say the same'],
  ['a figure that only another has', {}, { message: { en: 'Too fast.', de: ['Höchstens {limit}.', 'Zu schnell.'] } }, 'entries.slow.message.en: is missing, and "de" says it; let each language say the same'],
  ['a figure that may be unknown', {}, { message: { en: ['At most {limit}.', 'Too fast.'], de: '{limit} höchstens.' } }, 'entries.slow.message.de: may be unknown; give a list of messages whose last one does without it'],
  ['a misspelt figure', {}, { message: { en: ['At most {limt}.', 'Too fast.'], de: ['{limt} höchstens.', 'Zu schnell.'] } }, 'entries.slow.message.de[0]: is neither a detail nor a fact; did you mean "limit"?'],
  ['no sentence at all', {}, { message: {} }, 'entries.slow.message: is empty; expected: The sentence, with {name} for details and facts. Of several, the first whose figures are all known is sent. By language where there are several: { en: …, de: … }.'],
  ['a header that is written already', { headers: { 'Content-Language': 'en' } }, {}, 'headers.Content-Language: is written by language already; leave one out, or choose another name'],
])('%s is found', (_, change, slow, problem) => {
  expect(problemsOf(change, slow)).toContain(problem)
})

it('a pattern that fits one language alone is found', () => {
  expect(problemsOf({}, { read: ['At most *', 'Too *', 'Höchstens *', 'Zu schnell.', 'No máximo *'] })).toEqual([
    'entries.slow.read: does not fit what the entry says itself: "Rápido demais."; let it fit each of its sentences (a list of patterns will do), and the description, where the last one has figures',
  ])
})
