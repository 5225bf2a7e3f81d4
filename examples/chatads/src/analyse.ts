/**
 * Which product a message calls for, and how much. No model: phrases of a small catalogue and phrases of intent, so the same message always
 * gets the same answer.
 */
import { reachesIntent, scoreIntent, toIntentLevel } from './intent.ts'
import type { IntentLevel } from './intent.ts'
import type { MessageRequest } from './message-request.ts'
import type { Product } from './product.ts'
import { foldPlurals, hasPhrase, toWords } from './words.ts'

export interface Analysis {
  /** Whether the message calls for something in the catalogue, with enough intent. */
  readonly matched: boolean
  /** Whether there is an offer for it. */
  readonly filled: boolean
  readonly ad: { readonly product: string; readonly link: string; readonly message: string; readonly category: string } | null
  readonly keyword: string | null
  /** 0 to 1, in hundredths. */
  readonly intent_score: number
  readonly intent_level: IntentLevel | null
}

interface Hit {
  readonly product: Product
  readonly keyword: string
}

/** `fast` reads this much of a message. */
const FAST_WORDS_MAX = 40

const nothing: Analysis = { matched: false, filled: false, ad: null, keyword: null, intent_score: 0, intent_level: null }

export function analyse(request: MessageRequest, products: readonly Product[]): Analysis {
  const words = toWords(request.message, request.message_analysis === 'fast' ? FAST_WORDS_MAX : Infinity)
  const hits = findHits(words, products, request.message_analysis)
  const first = hits[0]
  if (first === undefined) return nothing

  const score = scoreIntent(words)
  const level = toIntentLevel(score)
  const intent = { keyword: first.keyword, intent_score: score / 100, intent_level: level }
  if (!reachesIntent(level, request.min_intent)) return { ...nothing, ...intent }

  const offered = request.fill_priority === 'fill' ? findOffer(hits, products) : first.product
  const ad = offered === undefined || offered.link === null ? null : toAd(offered, offered.link)
  return { matched: true, filled: ad !== null, ad, ...intent }
}

/** Longer phrases tell more, so they come first; then the order of the catalogue. `thorough` also takes a category for a keyword. */
function findHits(words: string, products: readonly Product[], effort: MessageRequest['message_analysis']): readonly Hit[] {
  const folded = foldPlurals(words)
  const calls = (phrase: string) => hasPhrase(words, phrase) || (effort !== 'fast' && hasPhrase(folded, foldPlurals(` ${phrase} `).trim()))
  return products
    .flatMap((product): Hit[] => {
      const keyword = [...product.keywords, ...(effort === 'thorough' ? [product.category] : [])].filter(calls).toSorted(byLength)[0]
      return keyword === undefined ? [] : [{ product, keyword }]
    })
    .toSorted((a, b) => byLength(a.keyword, b.keyword))
}

/** A hit with an offer, otherwise anything offered in the category of the best hit. */
function findOffer(hits: readonly Hit[], products: readonly Product[]): Product | undefined {
  return (
    hits.find((hit) => hit.product.link !== null)?.product ??
    products.find((product) => product.link !== null && product.category === hits[0]?.product.category)
  )
}

function toAd(product: Product, link: string): NonNullable<Analysis['ad']> {
  return { product: product.name, link, message: product.message, category: product.category }
}

function byLength(a: string, b: string): number {
  return b.length - a.length
}
