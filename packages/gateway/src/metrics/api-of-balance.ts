/** To which API the money of a subject belongs: by the name of its balance, and where two APIs have one of the same name, by its account. */
import { createBoundedCache, type Directory } from 'tollgate/directory'
import { kindOf, parseSubject } from 'tollgate/engine'
import type { ApiOptions } from 'tollgate/gate'
import type { ApiOf } from './money-metrics.ts'

const KEPT_MAX = 10_000

export function createApiOfBalance(apis: () => readonly ApiOptions[], directory: Pick<Directory, 'account' | 'keyById'>): ApiOf {
  const known = createBoundedCache<string>(KEPT_MAX)

  async function ask(subject: string): Promise<string> {
    const of = parseSubject(subject)
    switch (of?.of) {
      case 'key':
        return (await directory.keyById(of.id))?.api ?? 'none'
      case 'account':
        return (await directory.account(of.id))?.api ?? 'none'
      case 'user':
        return (await directory.account(of.account))?.api ?? 'none'
      case 'ip':
      case 'resource':
      case 'lease':
        return of.api
      case undefined:
        return 'none'
    }
  }

  async function askOnce(subject: string): Promise<string> {
    const api = await ask(subject).catch(() => 'none')
    known.set(subject, api)
    return api
  }

  return ({ subject, name }) => {
    const owners = apis().filter(({ meters }) => {
      const meter = Object.hasOwn(meters, name) ? meters[name]?.meter : undefined
      return meter !== undefined && kindOf(meter).isFunded
    })
    if (owners.length === 1) return owners[0]?.name ?? 'none'
    return known.get(subject) ?? askOnce(subject)
  }
}
