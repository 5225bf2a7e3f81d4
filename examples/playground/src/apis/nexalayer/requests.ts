/** The calls of NexaLayer's API, as its clients make them. */
import type { RecipeRequest } from '../../recipe.ts'

export interface Fields {
  readonly [name: string]: unknown
}

export interface Headers {
  readonly [name: string]: string
}

/** Without a key: none is sent. */
export function get(key: string | undefined, path: string): RecipeRequest {
  return { method: 'GET', path: `/nexalayer/v1${path}`, headers: apiKey(key) }
}

export function getWith(headers: Headers, path: string): RecipeRequest {
  return { method: 'GET', path: `/nexalayer/v1${path}`, headers }
}

/** As it stands, whether it is JSON or not. */
export function post(key: string | undefined, path: string, body: string, headers: Headers = {}): RecipeRequest {
  return { method: 'POST', path: `/nexalayer/v1${path}`, headers: { ...apiKey(key), 'content-type': 'application/json', ...headers }, body }
}

export function postWith(headers: Headers, path: string): RecipeRequest {
  return { method: 'POST', path: `/nexalayer/v1${path}`, headers }
}

/** Rotating, sold by the gigabyte. */
export function buyTraffic(key: string | undefined, config: Fields = {}, headers: Headers = {}): RecipeRequest {
  return post(key, '/sessions', JSON.stringify({ type: 'dynamic', config: { product_no: 'DYN-RES-01', traffic_gb: 5, country: 'DE', ...config } }), headers)
}

/** Fixed, sold by address and day. */
export function buyAddresses(key: string | undefined, config: Fields = {}, headers: Headers = {}): RecipeRequest {
  return post(key, '/sessions', JSON.stringify({ type: 'static', config: { product_no: 'STA-DC-01', quantity: 2, duration_days: 30, country: 'US', ...config } }), headers)
}

export function session(key: string | undefined, id: string): RecipeRequest {
  return get(key, `/sessions/${id}`)
}

export function renew(key: string | undefined, id: string, headers: Headers = {}): RecipeRequest {
  return post(key, `/sessions/${id}/renew`, JSON.stringify({ duration_days: 30 }), headers)
}

export function rotate(key: string | undefined, id: string): RecipeRequest {
  return post(key, `/sessions/${id}/rotate`, JSON.stringify({ reason: 'captcha' }))
}

export function reportEvent(key: string | undefined, id: string, fields: Fields): RecipeRequest {
  return post(key, `/sessions/${id}/report-event`, JSON.stringify(fields))
}

export function terminate(key: string | undefined, id: string): RecipeRequest {
  return postWith(apiKey(key), `/sessions/${id}/terminate`)
}

export function recharge(key: string | undefined, amount: string): RecipeRequest {
  return post(key, '/billing/recharge', JSON.stringify({ amount }))
}

export function token(key: string, secret: string): RecipeRequest {
  return post(undefined, '/auth/token', JSON.stringify({ api_key: key, api_secret: secret }))
}

export function bearer(text: string): Headers {
  return { authorization: `Bearer ${text}` }
}

export function idempotent(key: string): Headers {
  return { 'idempotency-key': key }
}

function apiKey(key: string | undefined): Headers {
  return key === undefined ? {} : { 'x-api-key': key }
}
