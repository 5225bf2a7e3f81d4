/**
 * The text generator: a chain of words over a small library of sentences, which starts from what the prompt is about. The same request gets the
 * same text.
 */
import { keywordsOf } from './keywords.ts'
import { foreignScript, guessLanguage } from './language.ts'
import type { Language, LanguageCode, Languages } from './language.ts'
import { learn, START } from './markov-chain.ts'
import { createRandom, pick } from './random.ts'
import { sample } from './sampling.ts'
import type { Sampling } from './sampling.ts'
import { endsSentence, joinTokens, tokensOf } from './words.ts'

export interface TextTask extends Sampling {
  readonly model: string
  /** What the model can write. */
  readonly languages: readonly LanguageCode[]
  /** Sentences of the account's own, learned on top. */
  readonly voice: readonly string[]
  readonly prompt: string
  readonly maxTokens: number
}

export interface Text {
  readonly content: string
  readonly promptTokens: number
  readonly completionTokens: number
}

/** After so many tokens, and up to twice as many, a text ends with its sentence. */
const TOKENS_PLANNED = 50

/** Throws when the model has no words for the prompt. */
export function generateText(task: TextTask, languages: Languages): Text {
  const { prompt, maxTokens } = task
  const language = languageOf(task, languages)
  const random = createRandom(task.model, prompt, task.temperature, task.topP)
  const planned = Math.round(TOKENS_PLANNED * (1 + random()))
  const tokens: string[] = [...openingOf(prompt, language, random)]
  const chain = learn([...language.sentences, ...repeatedVoice(task.voice)])
  const used = new Map<string, number>()
  while (tokens.length < Math.min(planned, maxTokens)) {
    let [before, last] = [START, START]
    while (tokens.length < maxTokens) {
      const next = sample(chain.after(before, last), used, task, random)
      if (next === undefined) break
      tokens.push(next)
      used.set(next, (used.get(next) ?? 0) + 1)
      ;[before, last] = [last, next]
      if (endsSentence(next)) break
    }
  }
  const written = tokens.slice(0, maxTokens)
  return { content: joinTokens(written), promptTokens: tokensOf(prompt).length, completionTokens: written.length }
}

function languageOf({ model, prompt, languages: spoken }: TextTask, languages: Languages): Language {
  const script = foreignScript(prompt)
  if (script !== undefined) throw new Error(`${model} has no vocabulary in ${script} script`)
  const code = guessLanguage(prompt, languages)?.code ?? 'en'
  const language = languages.get(code)
  if (language === undefined || !spoken.includes(code)) throw new Error(`${model} has no vocabulary in the language ${code}`)
  return language
}

/** A sentence about what the prompt is about, which stands behind what is asked for; nothing for a prompt without words. */
function openingOf(prompt: string, language: Language, random: () => number): readonly string[] {
  const topic = keywordsOf(prompt, language).findLast(({ score }) => score === 1)?.text
  return topic === undefined ? [] : tokensOf((pick(language.openings, random) ?? '').replace('{topic}', () => topic))
}

/** An account's voice is a few sentences against many: said more than once, it is heard. */
function repeatedVoice(voice: readonly string[]): readonly string[] {
  return [...voice, ...voice, ...voice, ...voice]
}
