/** The calls of AI-Powered API, as its clients make them. Without a key: none is sent. */
import type { FormFile, RecipeRequest } from '../../recipe.ts'

export interface Fields {
  readonly [name: string]: unknown
}

const MOUNT = '/ai-api'

export function get(key: string | undefined, path: string): RecipeRequest {
  return { method: 'GET', path: MOUNT + path, headers: authorization(key) }
}

export function remove(key: string, path: string): RecipeRequest {
  return { method: 'DELETE', path: MOUNT + path, headers: authorization(key) }
}

/** As it stands, whether it is JSON or not. */
export function post(key: string | undefined, path: string, body: string): RecipeRequest {
  return { method: 'POST', path: MOUNT + path, headers: { ...authorization(key), 'content-type': 'application/json' }, body }
}

export function write(key: string | undefined, prompt: string, fields: Fields = {}): RecipeRequest {
  return writeOf(key, { prompt, model: 'gpt-3.5-turbo', ...fields })
}

export function writeOf(key: string | undefined, fields: Fields): RecipeRequest {
  return post(key, '/v1/generate', JSON.stringify(fields))
}

export function paint(key: string, prompt: string, fields: Fields = {}): RecipeRequest {
  return post(key, '/v1/generate/image', JSON.stringify({ prompt, model: 'dall-e-3', ...fields }))
}

export function analyse(key: string, text: string, fields: Fields = {}): RecipeRequest {
  return post(key, '/v1/analyze', JSON.stringify({ text, tasks: ['sentiment', 'keywords'], ...fields }))
}

export function register(key: string, url: string): RecipeRequest {
  return post(key, '/v1/webhooks', JSON.stringify({ url, events: ['generation.completed'] }))
}

export function upload(key: string, file: FormFile): RecipeRequest {
  return { method: 'POST', path: `${MOUNT}/v1/files`, headers: authorization(key), form: [{ kind: 'file', name: 'file', file }] }
}

export const essay: FormFile = { filename: 'tides.txt', type: 'text/plain', begins: 'The tide keeps no calendar. It is late for nobody.\n' }

/** One red dot. */
const dot = atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==')

export const dotAsPdf: FormFile = { filename: 'report.pdf', type: 'application/pdf', begins: dot }

function authorization(key: string | undefined): { readonly [name: string]: string } {
  return key === undefined ? {} : { authorization: `Bearer ${key}` }
}
