/**
 * The model behind the chat: it answers with a few sentences about what it was asked, out of the words of a theme. Deterministic: the same
 * prompt gives the same answer, word for word. It writes as it goes, so a theme that cannot be opened ends it in the middle.
 */
import { createDice } from './dice.ts'
import { wordsOf } from './library.ts'
import type { Dice } from './dice.ts'
import type { Library, Theme } from './library.ts'
import { tokenize } from './tokens.ts'

export interface Prompt {
  readonly model: string
  readonly messages: readonly Message[]
  /** 0: every choice is the same. */
  readonly temperature: number
  /** 1: all words are open. Another one gives another answer, as another seed does. */
  readonly topP: number
  readonly seed: number | null
  /** Which of several answers to the same prompt. */
  readonly choice: number
}

export interface Message {
  readonly role: 'system' | 'developer' | 'user' | 'assistant'
  readonly content: string
}

/** Yields one token after the other, until all is said. Throws where the model breaks down. */
export type Write = (prompt: Prompt) => AsyncIterable<string>

export function createChatModel(library: Library): Write {
  return async function* write({ model, messages, temperature, topP, seed, choice }) {
    const asked = messages.findLast(({ role }) => role === 'user')?.content ?? ''
    const dice = createDice(JSON.stringify([model, messages, temperature, seed, temperature === 0 ? 0 : choice, ...(topP === 1 ? [] : [topP])]))
    const topic = topicOf(asked)
    yield* tokenize(dice.pick(openings)(topic))
    const theme = await library.themeFor(asked, dice)
    for (const sentence of sentences(theme, dice, lengthOf(asked, dice))) yield* tokenize(` ${sentence}`)
    yield* tokenize(` ${dice.pick(closings)(topic)}`)
  }
}

const openings: readonly ((topic: string) => string)[] = [
  (topic) => `About ${topic}, then.`,
  (topic) => `You ask about ${topic}; let me begin with what is near.`,
  (topic) => `There is more than one way to speak of ${topic}.`,
  (topic) => `Of ${topic} I know only what can be seen from here.`,
]

const closings: readonly ((topic: string) => string)[] = [
  (topic) => `That is most of what ${topic} comes to.`,
  (topic) => `The rest of ${topic} you know better than I do.`,
  () => 'Ask again tomorrow, and it will still be so.',
  (topic) => `So much for ${topic}.`,
]

/** Who asks for a story gets one. */
function lengthOf(asked: string, dice: Dice): number {
  return wordsOf(asked.toLowerCase()).some((word) => word === 'story' || word === 'long') ? 40 : 2 + dice.below(3)
}

function* sentences({ subjects, deeds, moments }: Theme, dice: Dice, count: number): Generator<string> {
  let [who, what, when]: (readonly string[])[] = []
  for (let at = 0; at < count; at++) {
    // Each phrase has its turn before one comes back.
    if (at % subjects.length === 0) who = dice.shuffle(subjects)
    if (at % deeds.length === 0) what = dice.shuffle(deeds)
    if (at % moments.length === 0) when = dice.shuffle(moments)
    const subject = who?.[at % subjects.length] ?? ''
    const said = `${subject} ${what?.[at % deeds.length] ?? ''}`
    const moment = when?.[at % moments.length] ?? ''
    yield capitalized(dice.below(3) === 0 ? `${moment}, ${said}.` : `${said} ${moment}.`)
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const TOPIC_CHARACTERS_MAX = 40

/** Words that say how something is asked, not what. */
const plain = new Set(['about', 'please', 'write', 'explain', 'describe', 'sentence', 'sentences', 'story', 'could', 'would', 'should', 'something', 'short', 'there', 'their', 'which', 'where'])

/** The longest word that says something. */
function topicOf(asked: string): string {
  const telling = wordsOf(asked).filter((word) => !plain.has(word.toLowerCase()))
  const longest = telling.toSorted((one, other) => other.length - one.length)[0]
  return longest === undefined ? 'that' : [...longest].slice(0, TOPIC_CHARACTERS_MAX).join('')
}
