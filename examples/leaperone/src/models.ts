/**
 * The models on offer, from `models.json`, which is the gateway's price table too. Prices are decimal credits: `prompt_price` and
 * `completion_price` for a million tokens, `unit_price` for an image or a started minute. `hold_price` is the most that one choice, one image or
 * one recording can come to: so much must be there before the work begins.
 */
import { readFileSync } from 'node:fs'
import { isOneOf } from './body.ts'
import { parseCredits } from './credits.ts'

export type Model = ChatModel | UnitModel

interface Listed {
  readonly id: string
  readonly ownedBy: string
  /** Unix seconds. */
  readonly created: number
}

export interface ChatModel extends Listed {
  readonly class: 'chat'
  /** Another model that answers in its place: `auto` is none itself. */
  readonly resolvesTo: string
  /** Of prompt and answer together. */
  readonly contextTokens: number
  readonly outputTokensMax: number
}

export interface UnitModel extends Listed {
  readonly class: 'image' | 'audio'
  /** Millionths of a credit for an image, or for a started minute. */
  readonly unitPrice: number
}

export interface Models {
  readonly all: readonly Model[]
  find(id: string): Model | undefined
}

/** Throws on a file that is damaged: without it nothing can be sold. */
export function readModels(file: URL): Models {
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly Readonly<Record<string, unknown>>[]
  const all = rows.map((row) => toModel(row, file.pathname))
  const byId = new Map(all.map((model) => [model.id, model]))
  return { all, find: (id) => byId.get(id) }
}

const isClass = isOneOf(['chat', 'image', 'audio'])

function toModel(row: Readonly<Record<string, unknown>>, file: string): Model {
  const { id, owned_by: ownedBy, created, class: kind, resolves_to: resolvesTo, context_length: contextTokens, max_output_tokens: outputTokensMax } = row
  const unitPrice = parseCredits(String(row['unit_price']))
  const damaged = () => new TypeError(`${file}: the row ${JSON.stringify(id)} is damaged`)
  if (typeof id !== 'string' || typeof ownedBy !== 'string' || typeof created !== 'number' || !isClass(kind) || unitPrice === undefined) throw damaged()
  if (kind !== 'chat') return { id, ownedBy, created, class: kind, unitPrice }
  if (typeof contextTokens !== 'number' || typeof outputTokensMax !== 'number') throw damaged()
  return { id, ownedBy, created, class: kind, resolvesTo: typeof resolvesTo === 'string' ? resolvesTo : id, contextTokens, outputTokensMax }
}

/** As OpenAI lists it. */
export function toModelView({ id, ownedBy, created }: Model) {
  return { id, object: 'model', created, owned_by: ownedBy }
}
