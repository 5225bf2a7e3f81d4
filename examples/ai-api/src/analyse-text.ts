/** `POST /v1/analyze`. Four languages are analysed here; Japanese by a machine of its own (`japanese-analyser.ts`), whose answer goes through as it comes. */
import type { Caller } from './caller.ts'
import type { DataFolder } from './data-folder.ts'
import { entitiesOf } from './entities.ts'
import { readFields } from './json-fields.ts'
import { keywordsOf } from './keywords.ts'
import { guessLanguage, languageCodes } from './language.ts'
import type { Language, Languages } from './language.ts'
import type { Notifier } from './notifier.ts'
import type { Parsed } from './refusal.ts'
import { bare, success } from './reply.ts'
import type { Reply } from './reply.ts'
import { sentimentOf } from './sentiment.ts'

const tasks = ['sentiment', 'entities', 'keywords', 'language'] as const

type Task = (typeof tasks)[number]

export interface AnalysisRequest {
  readonly text: string
  readonly tasks: readonly Task[]
  readonly language: (typeof languageCodes)[number] | 'ja'
}

const TEXT_CHARACTERS_MAX = 20_000

export function parseAnalysisRequest(body: string): Parsed<AnalysisRequest> {
  return readFields(body, (fields) => ({
    text: fields.text('text', TEXT_CHARACTERS_MAX),
    tasks: fields.words('tasks', tasks),
    language: fields.choice('language', [...languageCodes, 'ja'], 'en'),
  }))
}

export interface AnalysisDesk {
  readonly data: DataFolder
  readonly announce: Notifier
  /** Rejects if nobody is there. */
  readonly askJapanese: (text: string) => Promise<NodeJS.ReadableStream>
}

export function createAnalysis({ data, announce, askJapanese }: AnalysisDesk): (caller: Caller, body: string) => Promise<Reply> {
  return async (caller, body) => {
    const parsed = parseAnalysisRequest(body)
    if (!parsed.ok) return parsed.refusal
    const { text, tasks: wanted, language: code } = parsed.value
    if (code === 'ja') return askJapanese(text).then((answer): Reply => ({ kind: 'relay', answer })).catch(() => bare(503))
    const language = data.languages.get(code)
    if (language === undefined) throw new Error(`the language ${code} is offered, but its file was not read`)
    const found = Object.fromEntries(wanted.map((task) => [task, analysts[task](text, language, data.languages)]))
    announce(caller, 'analysis.completed', found)
    return success(found)
  }
}

const analysts: { readonly [task in Task]: (text: string, language: Language, all: Languages) => unknown } = {
  sentiment: sentimentOf,
  entities: entitiesOf,
  keywords: keywordsOf,
  language: (text, _, all) => guessLanguage(text, all) ?? null,
}
