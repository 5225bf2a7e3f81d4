import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { data, language } from '../test/data.ts'
import { entitiesOf } from './entities.ts'
import { keywordsOf } from './keywords.ts'
import { foreignScript, guessLanguage } from './language.ts'
import { sentimentOf } from './sentiment.ts'
import { joinTokens, tokensOf } from './words.ts'

test.each([
  ['en', 'This is a wonderful place, and everybody was friendly.', 'positive'],
  ['en', 'It was not good.', 'negative'],
  ['en', 'It wasn’t bad at all.', 'positive'],
  ['en', 'No problem at all.', 'positive'],
  ['en', 'I never liked it, good as it may be.', 'positive'],
  ['en', 'The meeting is on Monday.', 'neutral'],
  ['de', 'Das Essen war nicht gut, sondern schlecht.', 'negative'],
  ['fr', 'Un endroit magnifique, très agréable.', 'positive'],
  ['es', 'El servicio fue terrible y lento.', 'negative'],
] as const)('in %s, "%s" is %s', (code, text, label) => expect(sentimentOf(text, language(code)).label).toBe(label))

test('a score stays between −1 and 1, however much praise there is', () => {
  expect(sentimentOf('great '.repeat(1000), language('en')).score).toBe(1)
  expect(sentimentOf('awful '.repeat(1000), language('en')).score).toBe(-1)
})

test('keywords are the phrases between the words that only bind, the best first', () => {
  expect(keywordsOf('The sea and the old harbour lights: the harbour sleeps.', language('en')).map(({ text }) => text)).toEqual(['old harbour lights', 'harbour sleeps', 'sea'])
  expect(keywordsOf('', language('en'))).toEqual([])
  expect(keywordsOf('and the', language('en'))).toEqual([])
})

test('entities are found by their form and by the words around them, each once', () => {
  const found = entitiesOf('Dr. Ada Marsh of Northwind Ltd wrote to john@example.com from New York on 2026-01-31: it costs $12.50, see https://example.com/a. Ada Marsh waits.', language('en'))
  expect(found.map(({ text, type }) => `${type} ${text}`)).toEqual(['PERSON Ada Marsh', 'ORGANIZATION Northwind Ltd', 'EMAIL john@example.com', 'LOCATION New York', 'DATE 2026-01-31', 'MONEY $12.50', 'URL https://example.com/a'])
})

test.each([
  ['en', 'The ship is in the harbour and waits for the tide'],
  ['de', 'Das Schiff ist im Hafen und wartet auf die Flut'],
  ['fr', 'Le bateau est dans le port et attend la marée'],
  ['es', 'El barco está en el puerto y espera la marea'],
] as const)('%s is recognised', (code, text) => expect(guessLanguage(text, data.languages)).toMatchObject({ code }))

test('a name is in no language, and other scripts are recognised', () => {
  expect(guessLanguage('Amanda', data.languages)).toBeUndefined()
  expect([foreignScript('Amanda'), foreignScript(''), foreignScript('42!'), foreignScript('Привет'), foreignScript('海の上'), foreignScript('ἅλς'), foreignScript('ᚠᚢᚦ')]).toEqual([undefined, undefined, undefined, 'Cyrillic', 'Han', 'Greek', 'unknown'])
})

test('any text is analysed in no time', () => {
  const hostile = ['A '.repeat(10_000), 'Aa'.repeat(10_000), 'a@'.repeat(10_000), 'https://'.repeat(2_500), '1.1,'.repeat(5_000), "'".repeat(20_000), 'Dr. A'.repeat(4_000), '$1'.repeat(10_000), 'x.'.repeat(10_000), 'a-'.repeat(10_000), '\u0301'.repeat(20_000)]
  const before = process.cpuUsage()
  for (const text of hostile) {
    entitiesOf(text, language('en'))
    keywordsOf(text, language('en'))
    sentimentOf(text, language('en'))
    guessLanguage(text, data.languages)
    foreignScript(text)
  }
  // Of the processor's time, in microseconds: other work on the machine does not lengthen it.
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
})

test('tokens that are joined are the same tokens again', () => {
  assert(
    property(string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      expect(tokensOf(joinTokens(tokensOf(text)))).toEqual(tokensOf(text))
    }),
    { examples: [["l'œil d'un chat (qu'on n'a pas vu)."]] },
  )
})
