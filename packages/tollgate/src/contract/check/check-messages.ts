/** The sentences of entries: each figure exists, the last of several can always be said, and each language says as much as the others. */
import type { ContractDeclaration, EntryDeclaration } from '../declare/declaration.ts'
import type { Detail } from '../declare/details.ts'
import { factNames } from '../declare/facts.ts'
import { isSameLanguage, sentencesOfOne, translationsOf } from '../declare/messages.ts'
import { isLanguageTag } from '../values/accept-language.ts'
import { parseMessage, placeholdersOf } from '../write/message.ts'
import { suggest, type ContractProblem } from './contract-error.ts'
import { nearestName } from './nearest-name.ts'

type Report = (problem: ContractProblem) => void

/** Always known, whatever the facts. */
const ownFigures = ['code', 'status', 'requestId']

export function checkMessages(entry: EntryDeclaration, details: readonly Detail[], path: string, report: Report): void {
  const translations = translationsOf(entry.message)
  if (translations === undefined) return checkSentences(entry, sentencesOfOne(entry.message as string | readonly string[]), details, Array.isArray(entry.message), path, report)
  for (const [language, sentences] of translations) {
    const at = `${path}.${language}`
    if (!isLanguageTag(language)) report({ path: at, value: language, problem: 'is no language', mend: notATag })
    else if (translations.find(([other]) => isSameLanguage(other, language))?.[0] !== language) report({ path: at, value: language, problem: 'stands there already, in other letters', mend: 'leave one out' })
    checkSentences(entry, sentences, details, Array.isArray((entry.message as { readonly [language: string]: unknown })[language]), at, report)
  }
  const told = translations.map(([language, sentences]) => ({ language, figures: new Set(sentences.flatMap((sentence) => placeholdersOf(parseMessage(sentence, () => {})).map(({ name }) => name))) }))
  for (const { language, figures } of told) {
    for (const name of new Set(told.flatMap((other) => [...other.figures]))) {
      const has = told.find((other) => other.figures.has(name))?.language
      if (!figures.has(name)) report({ path: `${path}.${language}`, value: `{${name}}`, problem: `is missing, and "${has}" says it`, mend: 'let each language say the same' })
    }
  }
}

const notATag = 'write it as BCP 47 does: de, pt-BR'

/**
 * The last alternative may only need what is always known or what the entry promises (required details). Facts and optional details may be missing,
 * so a message that needs them needs an alternative without them.
 */
function checkSentences(entry: EntryDeclaration, messages: readonly string[], details: readonly Detail[], isList: boolean, path: string, report: Report): void {
  const constants = [...Object.keys(entry.attributes ?? {}), ...ownFigures]
  const known = new Set([...details.map(({ name }) => name), ...constants, ...factNames])
  const certain = new Set([...details.filter(({ whenUnknown }) => whenUnknown === 'required').map(({ name }) => name), ...constants])
  messages.forEach((message, index) => {
    const at = isList ? `${path}[${index}]` : path
    const figures = placeholdersOf(parseMessage(message, (problem) => report({ path: at, ...problem })))
    for (const { name, money } of figures) {
      if (!known.has(name)) {
        report({
          path: at,
          value: `{${name}}`,
          problem: 'is neither a detail nor a fact',
          mend: suggest(nearestName(name, known), `declare the detail "${name}"`),
        })
      }
      const type = details.find((detail) => detail.name === name)?.type
      if (money && type !== undefined && !['money', 'number', 'json'].includes(type)) {
        report({ path: at, value: `{${name}:money}`, problem: `is no amount but ${type}`, mend: `write {${name}}` })
      }
    }
    if (index < messages.length - 1) return
    const uncertain = [...new Set(figures.map(({ name }) => name))].filter((name) => known.has(name) && !certain.has(name)).map((name) => `{${name}}`)
    const mend = `give a list of messages whose last one does without ${uncertain.length === 1 ? 'it' : 'them'}`
    if (uncertain.length > 0) report({ path: at, value: uncertain.join(', '), problem: 'may be unknown', mend })
  })
}

/** Where an entry has several, one of them is the contract's: it is sent where nobody asks for another. */
export function checkLanguages({ language }: Partial<ContractDeclaration>, entries: readonly (readonly [string, EntryDeclaration])[], report: Report): void {
  if (language !== undefined && !isLanguageTag(language)) return report({ path: 'language', value: language, problem: 'is no language', mend: notATag })
  const translated = entries.flatMap(([id, { message }]) => {
    const tags = translationsOf(message)?.map(([tag]) => tag)
    return tags === undefined ? [] : [{ id, tags }]
  })
  const [first] = translated
  if (language === undefined && first !== undefined) {
    return report({ path: 'language', problem: `is missing, but "${first.id}" has several`, mend: `name the one that is sent where no other is asked for: language: ${first.tags[0] ?? 'en'}` })
  }
  for (const { id, tags } of translated) {
    if (!tags.some((tag) => isSameLanguage(tag, language))) report({ path: `entries.${id}.message.${language}`, problem: 'is missing, and it is the language of the contract', mend: 'write it, or name another as the language of the contract' })
  }
}
