/** Who and what a text names: things that have a form of their own, and names by the company that they keep. */
import type { Language } from './language.ts'

export interface Entity {
  readonly text: string
  readonly type: 'EMAIL' | 'URL' | 'DATE' | 'MONEY' | 'PERSON' | 'ORGANIZATION' | 'LOCATION' | 'OTHER'
  readonly confidence: number
}

interface Pattern {
  readonly type: Entity['type']
  readonly confidence: number
  readonly form: RegExp
}

/** The surest first: what one has taken, no later one takes. Every repetition has a bound, so that no text takes long. */
const patterns: readonly Pattern[] = [
  { type: 'URL', confidence: 0.99, form: /\bhttps?:\/\/[^\s<>"]{1,500}[^\s<>".,;:!?)]/g },
  { type: 'EMAIL', confidence: 0.99, form: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}/g },
  { type: 'DATE', confidence: 0.97, form: /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b/g },
  { type: 'MONEY', confidence: 0.95, form: /[$€£]\s?\d{1,12}(?:[.,]\d{1,3}){0,5}|\b\d{1,12}(?:[.,]\d{1,3}){0,5}\s?(?:[$€£]|(?:EUR|USD|GBP)\b)/g },
  { type: 'ORGANIZATION', confidence: 0.9, form: /(?:\b\p{Lu}[\p{L}\p{N}&-]{1,40}\s){1,4}(?:Inc|Ltd|LLC|Corp|GmbH|AG|University|Institute|Bank|Foundation)\b/gu },
  { type: 'PERSON', confidence: 0.92, form: /(?<=\b(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Madame|Monsieur|Señor|Señora)\.?\s)\p{Lu}\p{L}{1,40}(?:\s\p{Lu}\p{L}{1,40}){0,2}/gu },
  { type: 'LOCATION', confidence: 0.75, form: /(?<=\b(?:in|from|near|to|aus|nach|bei|à|en|desde|hacia)\s)\p{Lu}\p{L}{1,40}(?:\s\p{Lu}\p{L}{1,40})?/gu },
  { type: 'PERSON', confidence: 0.8, form: /(?<!\p{L})\p{Lu}\p{Ll}{1,40}\s\p{Lu}\p{Ll}{1,40}(?!\p{L})/gu },
  { type: 'OTHER', confidence: 0.55, form: /(?<=[\p{Ll},]\s)\p{Lu}\p{L}{2,40}(?!\p{L})/gu },
]

const ENTITIES_MAX = 50

/** In the order in which the text has them; each once. */
export function entitiesOf(text: string, { code, stopwords }: Language): readonly Entity[] {
  const taken: { readonly from: number; readonly to: number; readonly entity: Entity }[] = []
  // In German every noun has a capital: only two of them make a name.
  for (const { type, confidence, form } of code === 'de' ? patterns.filter((pattern) => pattern.type !== 'OTHER' && pattern.type !== 'LOCATION') : patterns) {
    for (const { 0: found, index: from } of text.matchAll(form)) {
      const to = from + found.length
      const isFree = taken.every((other) => to <= other.from || from >= other.to)
      const isName = found.split(/\s/).every((word) => !stopwords.has(word.toLowerCase()))
      if (isFree && isName && taken.length < ENTITIES_MAX) taken.push({ from, to, entity: { text: found, type, confidence } })
    }
  }
  const inOrder = taken.toSorted((one, other) => one.from - other.from).map(({ entity }) => entity)
  return [...new Map(inOrder.map((entity) => [entity.text, entity])).values()]
}
