/** `Status: 429`, `Message: …`, `How to fix: …` below a heading: pages that have no table say it so, in a list or in the lines of a paragraph. */
import { nothingFound, type FoundError } from './found-error.ts'
import { remedyRule } from './remedy-rule.ts'

type Label = 'status' | 'codes' | 'message' | 'description' | 'remedy' | 'retry'

const labels: readonly (readonly [words: string, label: Label])[] = [
  ['(?:http )?status(?: codes?)?|http(?: code)?', 'status'],
  ['(?:common |possible |related |error )*(?:error )?codes?', 'codes'],
  ['(?:error |default |example )?message', 'message'],
  ['(?:error )?description|meaning|what it means|(?:common |possible |likely )?causes?|reason|when(?: it (?:happens|occurs))?|why|explanation|details', 'description'],
  ['(?:suggested |recommended |required )?actions?|(?:suggested |quick |how to )?fix(?:es)?|(?:possible )?solutions?|resolution|recovery|remediation|remedy|suggestion|recommendation|what to do|how to (?:handle|resolve)(?: it)?|handling', 'remedy'],
  ['(?:should you )?retr(?:y|yable)|retriable|safe to retry', 'retry'],
]

/** At the beginning of a line, or behind the end of a sentence. */
const LABEL = new RegExp(`(?:^|\\n|(?<=[.!?)\\w] ))\\s*(?:${labels.map(([words]) => `(${words})`).join('|')})\\s*\\??\\s*:\\s+`, 'gi')

export interface FoundLabels {
  /** Of no code, where it names none: then it speaks of what stands above it. */
  readonly error: FoundError
  readonly codes: readonly string[]
}

/** Undefined: it begins otherwise. */
export function readLabels(text: string): FoundLabels | undefined {
  const found = [...text.matchAll(LABEL)]
  if (found.length === 0 || found[0]?.index !== 0) return undefined
  const said = new Map<Label, string>()
  for (const [at, match] of found.entries()) {
    const label = labels[match.slice(1).findIndex((word) => word !== undefined)]?.[1]
    const rest = text.slice(match.index + match[0].length, found[at + 1]?.index).trim()
    if (label !== undefined && rest !== '' && !said.has(label)) said.set(label, rest)
  }
  const [status, ...others] = [...(said.get('status') ?? '').matchAll(/\b([45]\d{2})\b/g)].map(([, figure]) => Number(figure))
  const remedy = said.get('remedy')
  const retry = said.get('retry')
  return {
    error: {
      ...nothingFound,
      status,
      otherStatuses: others,
      message: said.get('message')?.replaceAll(/^["“`']+|["”`']+$/g, ''),
      description: said.get('description'),
      remedy,
      retry: retry === undefined ? (remedy === undefined ? undefined : remedyRule(remedy)) : /^(?:no|never|false)\b/i.test(retry) ? 'never' : remedyRule(retry),
      isRetrySaid: retry !== undefined,
    },
    codes: codesIn(said.get('codes')),
  }
}

/** Words of which nothing but a code is made; a sentence about codes names none. */
function codesIn(text: string | undefined): readonly string[] {
  const words = (text ?? '').split(/\s*(?:,|\n|\/|;|\bor\b|\band\b)\s*/).map((word) => word.replaceAll(/^[`'"*(]+|[`'"*).]+$/g, ''))
  return words.filter((word) => word !== '').every((word) => /^[A-Za-z][\w.:-]*$/.test(word) && (words.length > 1 || /[_\d]|^[A-Z]+$/.test(word))) ? words.filter((word) => word !== '') : []
}
