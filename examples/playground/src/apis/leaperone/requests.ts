/** The calls of LEAPERone's API, as its clients make them. */
import type { FormFile, FormPart, RecipeRequest } from '../../recipe.ts'

export interface Fields {
  readonly [name: string]: unknown
}

/** Without a key: none is sent. */
export function get(key: string | undefined, path: string): RecipeRequest {
  return { method: 'GET', path: `/leaperone${path}`, headers: authorization(key) }
}

/** As it stands, whether it is JSON or not. */
export function post(key: string | undefined, path: string, body: string): RecipeRequest {
  return { method: 'POST', path: `/leaperone${path}`, headers: { ...authorization(key), 'content-type': 'application/json' }, body }
}

export function chat(key: string | undefined, content: string, fields: Fields = {}): RecipeRequest {
  return chatOf(key, { model: 'auto', messages: [{ role: 'user', content }], ...fields })
}

export function chatOf(key: string | undefined, fields: Fields): RecipeRequest {
  return { ...post(key, '/v1/chat/completions', JSON.stringify(fields)), stream: fields['stream'] === true }
}

export function order(key: string | undefined, prompt: string, fields: Fields = {}): RecipeRequest {
  return post(key, '/v1/images/generations', JSON.stringify({ model: 'landscape-1', prompt, ...fields }))
}

export function task(key: string | undefined, id: string): RecipeRequest {
  return get(key, `/v1/images/generations/${id}`)
}

export function transcribe(key: string | undefined, file: FormFile, fields: Readonly<Record<string, string>> = { model: 'whisper-1' }): RecipeRequest {
  const parts: readonly FormPart[] = [...Object.entries(fields).map(([name, value]) => ({ kind: 'text' as const, name, value })), { kind: 'file', name: 'file', file }]
  return { method: 'POST', path: '/leaperone/v1/audio/transcriptions', headers: authorization(key), form: parts }
}

/** A steady tone: 8-bit PCM, 8000 samples a second, each as far from the middle as can be. In Morse code that is a dot. */
export function tone(samples: number): FormFile {
  const begins = `RIFF${littleEndian(samples + 36)}WAVEfmt ${littleEndian(16)}\u0001\0\u0001\0${littleEndian(8_000)}${littleEndian(8_000)}\u0001\0\b\0data${littleEndian(samples)}`
  return { filename: 'tone.wav', type: 'audio/wav', begins, zeros: samples }
}

function littleEndian(value: number): string {
  return [0, 8, 16, 24].map((shift) => String.fromCharCode((value >>> shift) & 0xff)).join('')
}

function authorization(key: string | undefined): { readonly [name: string]: string } {
  return key === undefined ? {} : { authorization: `Bearer ${key}` }
}
