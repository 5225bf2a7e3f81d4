/** Four meters of one account: two windows, a day, a month. */
import type { Meter, Take } from 'tollgate/engine'

/** Never reached. */
const limit = 1_000_000_000

type Name = 'minute' | 'hour' | 'day' | 'month'

function metersOf(algorithm: 'buckets' | 'fixed'): { readonly [name in Name]: Meter } {
  return {
    minute: { kind: 'window', windowMs: 60_000, algorithm },
    hour: { kind: 'window', windowMs: 3_600_000, algorithm },
    day: { kind: 'quota', period: 'day' },
    month: { kind: 'quota', period: 'month' },
  }
}

/** The takes of one request of an account, made anew for each as the gateway does. */
export function createTaking(algorithm: 'buckets' | 'fixed' = 'buckets'): (subject: string) => readonly Take[] {
  const meters = metersOf(algorithm)
  const take = (subject: string, name: Name): Take => ({ subject, name, meter: meters[name], limit, cost: 1 })
  return (subject) => [take(subject, 'minute'), take(subject, 'hour'), take(subject, 'day'), take(subject, 'month')]
}

export function createSubjects(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `account:${at}`)
}
