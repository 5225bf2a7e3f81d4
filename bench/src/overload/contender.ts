/** Who is held beside whom: a client library, used as its documentation says, at its defaults. */
import { readFileSync } from 'node:fs'
import type { Dialect } from './dialect.ts'
import type { World } from './world.ts'

export interface Contender {
  readonly name: string
  /** The package that it is a version of. */
  readonly from: string | undefined
  /** What is not its default, or who wrote the loop. */
  readonly note?: string
  readonly dialect: Dialect
  /** A fresh client, as a process has one. */
  create(world: World): Promise<Caller>
}

/** Makes one call; rejects if the call failed. */
export type Caller = (call: Call) => Promise<unknown>

export interface Call {
  /** A paid one is a POST that costs money each time the server takes it. Where an API has only POSTs, a read is one too. */
  readonly kind: 'read' | 'paid'
  readonly signal?: AbortSignal
}

const home = new URL('../../overload/', import.meta.url)

/** Imports a package from `bench/overload/node_modules`: its own place, since it is installed for this benchmark only. */
export async function peer<Exports>(name: string): Promise<Exports> {
  const { load } = (await import(new URL('load.js', home).href)) as { readonly load: (name: string) => Promise<Exports> }
  return load(name)
}

export function versionOf(name: string): string {
  return (JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, home), 'utf8')) as { readonly version: string }).version
}

/** What a plain caller throws for an answer that is no success. */
export class StatusError extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/** The most direct call: fetch, a timeout, an error if it is not ok. */
export function fetchOnce({ baseUrl, attemptTimeoutMs, network }: World): (call: Call) => Promise<Response> {
  const fetch = network.kind === 'memory' ? network.fetch : globalThis.fetch
  return ({ kind, signal }) => {
    const timeout = AbortSignal.timeout(attemptTimeoutMs)
    const init = { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) }
    return fetch(`${baseUrl}/v1/things`, kind === 'read' ? init : { ...init, method: 'POST', body: '{"n":1}', headers: { 'content-type': 'application/json' } })
  }
}

export async function throwUnlessOk(response: Response): Promise<unknown> {
  if (!response.ok) throw new StatusError(response.status)
  return response.json()
}
