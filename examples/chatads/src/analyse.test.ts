import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { analyse } from './analyse.ts'
import type { MessageRequest } from './message-request.ts'
import type { Product } from './product.ts'

const products = JSON.parse(readFileSync(new URL('../shards/default.json', import.meta.url), 'utf8')) as readonly Product[]

function analysed(message: string, options: Partial<MessageRequest> = {}) {
  return analyse({ message, country: null, message_analysis: 'balanced', fill_priority: 'speed', min_intent: 'any', ...options }, products)
}

test('a message that asks for a product gets its ad, the phrase that called for it, and its intent', () => {
  expect(analysed('Which running shoes would you recommend?')).toEqual({
    matched: true,
    filled: true,
    ad: {
      product: 'Trailwind 4 running shoes',
      link: 'https://shop.example/p/trailwind-4',
      message: 'Light shoes for road and trail.',
      category: 'sport',
    },
    keyword: 'running shoes',
    intent_score: 0.6,
    intent_level: 'medium',
  })
})

test('a message about nothing in the catalogue matches nothing', () => {
  expect(analysed('What a lovely morning.')).toEqual({ matched: false, filled: false, ad: null, keyword: null, intent_score: 0, intent_level: null })
})

test('a part of a longer word is no match', () => {
  expect(analysed('My desktop is full of icons').matched).toBe(false)
})

test('the longest phrase decides between two products', () => {
  expect(analysed('a lamp, or rather an office chair').keyword).toBe('office chair')
})

test.each([
  ['I already have a tent', 0, 'low'],
  ['my tent is green', 0.3, 'low'],
  ['I need a tent', 0.6, 'medium'],
  ['I need to buy a tent, what does a tent cost', 1, 'high'],
])('the intent of "%s" is %d', (message, score, level) => {
  expect(analysed(message)).toMatchObject({ intent_score: score, intent_level: level })
})

test('below the least intent asked for nothing is matched, but the intent is told', () => {
  const below = analysed('my tent is green', { min_intent: 'medium' })
  expect(below).toEqual({ matched: false, filled: false, ad: null, keyword: 'tent', intent_score: 0.3, intent_level: 'low' })
  expect(analysed('I need a tent', { min_intent: 'medium' }).matched).toBe(true)
})

test('a product without an offer is matched but not filled, unless filling comes first', () => {
  expect(analysed('best camera')).toMatchObject({ matched: true, filled: false, ad: null })
  expect(analysed('best camera', { fill_priority: 'fill' })).toMatchObject({ filled: true, keyword: 'camera', ad: { category: 'electronics' } })
})

test('a fast analysis reads the beginning of a message only', () => {
  const late = `${'well '.repeat(40)} I need a tent`
  expect(analysed(late, { message_analysis: 'fast' }).matched).toBe(false)
  expect(analysed(late).matched).toBe(true)
})

test('singular and plural are the same to a balanced analysis', () => {
  expect(analysed('two tents please').keyword).toBe('tent')
  expect(analysed('one running shoe').keyword).toBe('running shoes')
  expect(analysed('two tents please', { message_analysis: 'fast' }).matched).toBe(false)
})

test('a thorough analysis takes a category for a keyword', () => {
  expect(analysed('anything for travel?').matched).toBe(false)
  expect(analysed('anything for travel?', { message_analysis: 'thorough' }).ad?.category).toBe('travel')
})
