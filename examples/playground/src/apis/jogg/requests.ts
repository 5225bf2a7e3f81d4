/** The calls of JoggAI's API, as its clients make them. */
import type { RecipeRequest } from '../../recipe.ts'

export interface Fields {
  readonly [name: string]: unknown
}

/** Without a key: none is sent. */
export function get(key: string | undefined, path: string): RecipeRequest {
  return { method: 'GET', path: `/jogg${path}`, headers: keyHeader(key) }
}

export function remove(key: string | undefined, path: string): RecipeRequest {
  return { ...get(key, path), method: 'DELETE' }
}

/** As it stands, whether it is JSON or not. */
export function post(key: string | undefined, path: string, body: string): RecipeRequest {
  return { method: 'POST', path: `/jogg${path}`, headers: { ...keyHeader(key), 'content-type': 'application/json' }, body }
}

/** A script of up to two minutes costs one credit. */
export function order(key: string | undefined, script: string, fields: Fields = {}): RecipeRequest {
  return orderOf(key, { avatar: { avatar_id: 81 }, voice: { voice_id: 'en-US-ChristopherNeural', script }, ...look, ...fields })
}

/** `characters` zeros, which a shell can count out. */
export function orderZeros(key: string, characters: number, fields: Fields = {}): RecipeRequest {
  const request = order(key, '0'.repeat(characters), fields)
  const inShell = JSON.stringify(request.body).replace(/0{9,}/, `$(printf %0${characters}d 0)`)
  return { ...request, bodyInShell: inShell }
}

export function orderOf(key: string | undefined, fields: Fields): RecipeRequest {
  return post(key, '/v2/create_video_from_avatar', JSON.stringify(fields))
}

/** What every order has to say beside who speaks and what. */
export const look = { aspect_ratio: 'portrait', screen_style: 1 }

export function video(key: string | undefined, id: string): RecipeRequest {
  return get(key, `/v2/avatar_video/${id}`)
}

export function endpoint(key: string | undefined, url: string): RecipeRequest {
  return post(key, '/v2/endpoint', JSON.stringify({ url, events: ['generated_avatar_video_success'] }))
}

function keyHeader(key: string | undefined): { readonly [name: string]: string } {
  return key === undefined ? {} : { 'x-api-key': key }
}
