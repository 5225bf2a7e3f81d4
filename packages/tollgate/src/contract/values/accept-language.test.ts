import { expect, it } from 'vitest'
import { chooseLanguage, isLanguageTag } from './accept-language.ts'

const languages = new Map(['en', 'de', 'pt-br', 'zh-hant', 'zh'].map((tag) => [tag, tag]))

it.each([
  ['de', 'de'],
  ['DE', 'de'],
  ['de-AT', 'de'],
  ['de-CH-1996', 'de'],
  ['fr, de;q=0.5, en;q=0.8', 'en'],
  ['en;q=0.5,de;q=0.5', 'en'],
  ['pt-BR', 'pt-br'],
  // Lookup shortens what is asked for, never what there is.
  ['pt', undefined],
  ['zh-Hant-CN-x-private1-private2', 'zh-hant'],
  ['zh-x-any', 'zh'],
  ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'en'],
  ['*', undefined],
  ['*, de;q=0.1', 'de'],
  ['de;q=0, en', 'en'],
  ['de-AT, de;q=0, en;q=0.1', 'en'],
  ['de ; q=1.000 , en', 'de'],
  ['de;q=0.0001, en;q=0.1', 'en'],
  ['de;q=2', undefined],
  ['de;level=1, en', 'en'],
  [',,, de,', 'de'],
  ['constructor, __proto__', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s asks for %s', (header, expected) => {
  expect(chooseLanguage(languages, header)).toBe(expected)
})

it('a hostile header is nobody, and costs next to nothing', () => {
  const hostile = [`${'a-'.repeat(499)}a`, 'de,'.repeat(300), `${'a'.repeat(8)}${'-a'.repeat(400)}`, ','.repeat(1_000), `de;q=${'0'.repeat(900)}`, ' '.repeat(1_000), `fr${' '.repeat(900)};`]
  const before = process.cpuUsage()
  for (let round = 0; round < 100; round += 1) for (const header of hostile) chooseLanguage(languages, header)
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
  expect(chooseLanguage(languages, `de${' '.repeat(1_000)}`)).toBeUndefined()
  expect(chooseLanguage(languages, `${'xx,'.repeat(40)}de`)).toBeUndefined()
})

it.each([['de', true], ['pt-BR', true], ['zh-Hant-TW', true], ['i', false], ['de_AT', false], ['german!', false], ['', false], ['de-', false]])('%s is a tag: %s', (tag, is) => {
  expect(isLanguageTag(tag)).toBe(is)
})
