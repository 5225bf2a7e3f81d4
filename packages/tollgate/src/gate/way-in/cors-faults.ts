/** Settings of `cors` that let nobody in, or others than they say. */
import type { CorsOptions } from '../gate-options.ts'
import { faultOfOrigin } from './origin-rule.ts'

/** A setting of `cors` that lets nobody in, or others than it says. */
export interface CorsFault {
  readonly setting: 'origins' | 'exposeHeaders'
  /** Which of the list; undefined: the list as a whole. */
  readonly at?: number
  readonly issue: string
}

/**
 * What is wrong with settings of `cors`; empty if nothing is. `createGate` throws the first of them.
 *
 * @example
 * faultsOfCors({ origins: ['*', 'https://app.example.com'], allowHeaders: [], maxAgeSeconds: 600 }).map(({ setting }) => setting) // => ['origins']
 */
export function faultsOfCors({ origins, credentials = false, exposeHeaders = [] }: CorsOptions): readonly CorsFault[] {
  const faults: CorsFault[] = origins.flatMap((origin, at) => {
    const issue = faultOfOrigin(origin)
    return issue === undefined ? [] : [{ setting: 'origins' as const, at, issue }]
  })
  const everybody = origins.includes('*')
  if (everybody && origins.length > 1) faults.push({ setting: 'origins', issue: '"*" lets everybody in, so the others say nothing; take one or the other away' })
  if (!credentials) return faults
  if (everybody) faults.push({ setting: 'origins', issue: 'browsers accept no "*" together with credentials: true; name the origins, or take credentials away' })
  const star = exposeHeaders.indexOf('*')
  if (star !== -1) faults.push({ setting: 'exposeHeaders', at: star, issue: 'is no wildcard together with credentials: true; name the headers' })
  return faults
}
