import { expect, test } from 'vitest'
import { guessLanguage } from './language.ts'
import { parseMessageRequest } from './message-request.ts'

test('what is not said gets its default', () => {
  expect(parseMessageRequest('{"message":"hello there"}')).toEqual({
    ok: true,
    request: { message: 'hello there', country: null, message_analysis: 'balanced', fill_priority: 'speed', min_intent: 'any' },
  })
})

test('a country is accepted in any case and told in upper case', () => {
  expect(parseMessageRequest('{"message":"hello","country":"de"}')).toMatchObject({ request: { country: 'DE' } })
})

test.each([
  ['{"message":', { issue: 'the body must be JSON' }],
  ['[]', { issue: 'the body must be an object' }],
  ['null', { issue: 'the body must be an object' }],
  ['{"text":"hello"}', { field: 'message', issue: 'must be a string' }],
  ['{"message":"hello","country":"ZZ"}', { field: 'country', issue: 'must be an ISO 3166-1 alpha-2 country code' }],
])('%s is refused with what is wrong', (body, problem) => {
  expect(parseMessageRequest(body)).toEqual({ ok: false, ...problem })
})

test.each([
  ['What is the best tent for a family?', 'en'],
  ['Ich suche ein Zelt für die Familie', 'de'],
  ['Je cherche une tente pour la famille', 'fr'],
  ['Busco una carpa para mi familia', 'es'],
  ['42', 'en'],
])('"%s" is taken for %s', (message, language) => {
  expect(guessLanguage(message)).toBe(language)
})
