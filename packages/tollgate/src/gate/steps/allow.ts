/** Lets pass only who comes from where, with what, and when its rules say. */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import { headerValues } from '../headers.ts'
import { isWithinAny, networkFault, parseNetwork, type IpNetwork } from '../way-in/ip-network.ts'
import { isOpen, openTimeFault, opensAtMs } from './open-time.ts'
import type { Step } from './step.ts'
import type { AllowOptions } from './step-options.ts'

/** Read once for each step. */
const networks = new WeakMap<readonly string[], readonly IpNetwork[]>()

export const allow: Step<'allow'> = {
  key: 'allow',
  plan({ addresses, headers, times }, _, fail) {
    const lists = [addresses, times, ...Object.values(headers ?? {}), headers && Object.keys(headers)].filter((list) => list !== undefined)
    if (lists.length === 0 || lists.some((list) => list.length === 0)) fail('an allow that lists nothing lets nobody pass')
    for (const address of addresses ?? []) {
      const fault = networkFault(address)
      if (fault !== undefined) fail(`the address ${address} ${fault}`)
    }
    for (const name of Object.keys(headers ?? {})) if (name !== name.toLowerCase()) fail(`the header ${name} is not in lower case`)
    for (const time of times ?? []) {
      const fault = openTimeFault(time)
      if (fault !== undefined) fail(`of the times of allow: ${fault}`)
    }
    return {}
  },
  prepare: (options) => (current, { clock }) => refusedBy(current, options, clock.wallMs()),
}

function refusedBy({ call }: CallInProgress, { addresses, headers = {}, times }: AllowOptions, nowMs: number): Refusal | undefined {
  if (addresses !== undefined && !isWithinAny(call.remoteAddress, networksOf(addresses))) return denied(`addresses: ${call.remoteAddress} is in none of them`)
  for (const [name, allowed] of Object.entries(headers)) {
    const values = headerValues(call.headers, name)
    // Which value it was stays out of the log: it may be a secret.
    if (values.length === 0) return denied(`headers: ${name} is missing`)
    if (!values.every((value) => allowed.includes(value))) return denied(`headers: ${name} has a value that is not listed`)
  }
  return times === undefined ? undefined : outsideOf(times, nowMs)
}

function networksOf(addresses: readonly string[]): readonly IpNetwork[] {
  const known = networks.get(addresses) ?? addresses.map(parseNetwork).filter((network) => network !== undefined)
  networks.set(addresses, known)
  return known
}

function outsideOf(times: NonNullable<AllowOptions['times']>, nowMs: number): Refusal | undefined {
  if (times.some((time) => isOpen(time, nowMs))) return undefined
  const next = times.map((time) => opensAtMs(time, nowMs)).filter((atMs) => atMs !== undefined)
  return denied('times: it is none of them', next.length === 0 ? {} : { retryAfterMs: Math.min(...next) - nowMs })
}

/** Which rule it was stays private: the answer must not tell what else to try. */
function denied(rule: string, facts: { readonly retryAfterMs?: number } = {}): Refusal {
  return refuse('permission.denied', facts, { source: 'client', cause: `allow: ${rule}` })
}
