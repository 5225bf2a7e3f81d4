/** The models on offer, from `models.json`: known ones that are switched off among them. */
import { refuse } from './refusal.ts'
import type { Parsed, Refusal } from './refusal.ts'
import { countCharacters } from './json-fields.ts'
import type { LanguageCode } from './language.ts'

interface AnyModel {
  readonly id: string
  readonly name: string
  readonly status: 'available' | 'maintenance'
  readonly description: string
  readonly max_tokens: number
  readonly max_prompt_characters: number
  readonly pricing: { readonly input: number; readonly output: number }
}

export interface TextModel extends AnyModel {
  readonly type: 'text'
  readonly languages: readonly LanguageCode[]
  /** How long it thinks about each token that it writes. */
  readonly ms_per_token: number
}

export interface ImageModel extends AnyModel {
  readonly type: 'image'
  /** `1024x1024`, width first. */
  readonly sizes: readonly string[]
  readonly qualities: readonly string[]
}

export type Model = TextModel | ImageModel

export const MODEL_ID_CHARACTERS_MAX = 64

export interface Models {
  readonly all: readonly Model[]
  find(id: string): Model | undefined
  /** A model that a parameter names: it must exist and be of this type. Whether it is awake is asked later, once the request is known to be good. */
  named<Type extends Model['type']>(type: Type, id: string): Parsed<Extract<Model, { readonly type: Type }>>
}

export function createModels(all: readonly Model[]): Models {
  return {
    all,
    find: (id) => all.find((model) => model.id === id),
    named(type, id) {
      const ofType = all.filter((model): model is Extract<Model, { readonly type: typeof type }> => model.type === type)
      const model = ofType.find((one) => one.id === id)
      if (model !== undefined) return { ok: true, value: model }
      const issue = all.some((one) => one.id === id) ? `is not a model for ${type}` : 'does not exist'
      return { ok: false, refusal: refuse('unsupportedModel', { field: 'model', issue, supported: ofType.map((one) => one.id) }) }
    },
  }
}

export function refuseLongPrompt({ id, max_prompt_characters: charactersMax }: Model, prompt: string): Refusal | undefined {
  if (countCharacters(prompt) <= charactersMax) return undefined
  return refuse('promptTooLong', { field: 'prompt', issue: `must be at most ${charactersMax} characters for ${id}` })
}

export function refuseAsleep({ id, status }: Model): Refusal | undefined {
  return status === 'available' ? undefined : refuse('modelUnavailable', { resource: 'model', id })
}

export function toModelView(model: Model): { readonly [name: string]: unknown } {
  const { id, name, type, description, status, max_tokens, max_prompt_characters, pricing } = model
  const common = { id, name, type, description, status, max_tokens, max_prompt_characters, pricing }
  return model.type === 'image' ? { ...common, sizes: model.sizes, qualities: model.qualities } : { ...common, languages: model.languages }
}
