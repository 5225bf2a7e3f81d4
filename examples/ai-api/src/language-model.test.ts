import { assert, double, integer, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { data } from '../test/data.ts'
import { generateText } from './language-model.ts'
import type { Text, TextTask } from './language-model.ts'
import { languageCodes } from './language.ts'
import { tokensOf } from './words.ts'

const task: TextTask = { model: 'gpt-4', languages: languageCodes, voice: [], prompt: 'Tell me about the lighthouse', maxTokens: 200, temperature: 0.7, topP: 1, frequencyPenalty: 0, presencePenalty: 0 }

function generate(changes: Partial<TextTask> = {}): Text {
  return generateText({ ...task, ...changes }, data.languages)
}

/** The share of tokens that were there before. */
function repetition(content: string): number {
  const tokens = tokensOf(content)
  return 1 - new Set(tokens).size / tokens.length
}

test('the same request gets the same text; another prompt, model or temperature gets another', () => {
  const { content } = generate()
  expect(generate().content).toBe(content)
  for (const changes of [{ prompt: 'Tell me about the sea' }, { model: 'gpt-3.5-turbo' }, { temperature: 1 }]) expect(generate(changes).content).not.toBe(content)
})

test('a text begins with what the prompt is about, and ends with its sentence', () => {
  const { content } = generate()
  expect(content.split(/[.!?]/, 1)[0]).toContain('lighthouse')
  expect(content).toMatch(/\.$/)
})

test.each([
  ['Schreibe etwas über den Leuchtturm und das Meer', 'de', /\b(und|der|die|das|ein|eine)\b/],
  ['Écris quelque chose sur la mer et les nuages', 'fr', /\b(et|le|la|les|une|un)\b/],
  ['Escribe algo sobre el mar y las nubes', 'es', /\b(y|el|la|los|una|un)\b/],
] as const)('%s is answered in its language, %s', (prompt, _, words) => {
  expect(generate({ prompt }).content).toMatch(words)
})

test('never more tokens than allowed, and those that are told are those that are there', () => {
  assert(
    property(integer({ min: 1, max: 120 }), double({ min: 0, max: 2, noNaN: true }), double({ min: 0, max: 1, noNaN: true }), double({ min: -2, max: 2, noNaN: true }), (maxTokens, temperature, topP, penalty) => {
      const { content, completionTokens } = generate({ maxTokens, temperature, topP, frequencyPenalty: penalty, presencePenalty: penalty })
      expect(completionTokens).toBeLessThanOrEqual(maxTokens)
      expect(tokensOf(content)).toHaveLength(completionTokens)
    }),
  )
})

test('any prompt ends in a text, or in the one error that the model has', () => {
  const outcome = (prompt: string) => {
    try {
      return generate({ prompt, maxTokens: 20 }).content
    } catch (error) {
      return String(error)
    }
  }
  assert(
    property(string({ unit: 'binary', maxLength: 80 }), (prompt) => {
      expect(outcome(prompt)).toMatch(/^Error: gpt-4 has no vocabulary in|^(?!\w*Error)./s)
    }),
  )
})

test('penalties make a text repeat itself less', () => {
  const texts = (penalty: number) => ['rain', 'bread', 'trains', 'letters'].map((topic) => generate({ prompt: `Tell me about ${topic}`, frequencyPenalty: penalty, presencePenalty: penalty }).content)
  const sum = (contents: readonly string[]) => contents.reduce((total, content) => total + repetition(content), 0)
  expect(sum(texts(2))).toBeLessThan(sum(texts(-2)))
})

test('a model has no words for other scripts, nor for languages that it does not speak', () => {
  expect(() => generate({ prompt: 'Напиши о море' })).toThrow('gpt-4 has no vocabulary in Cyrillic script')
  expect(() => generate({ prompt: '海について書いて' })).toThrow('gpt-4 has no vocabulary in Japanese script')
  expect(() => generate({ prompt: 'Schreibe etwas über das Meer', languages: ['en'] })).toThrow('gpt-4 has no vocabulary in the language de')
})
