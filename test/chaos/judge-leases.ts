/** Nothing lives beyond its time, what lives is counted, and what the service was told of its leases stands. */
import type { Lease } from 'tollgate/engine'
import type { Books, History } from './history.ts'

export function judgeLeases({ runs }: History, { leases, alive, endedAtMs }: Books): string[] {
  const wrong: string[] = []
  const living = leases.filter(({ state }) => state === 'active')
  for (const { id, expiresAtMs } of living) if (expiresAtMs !== undefined && expiresAtMs < endedAtMs) wrong.push(`${id} is alive ${endedAtMs - expiresAtMs} ms after its end`)
  for (const { subject, name, used } of alive) {
    const taken = living.flatMap((lease) => lease.taken).filter((each) => each.subject === subject && each.name === name)
    const units = taken.reduce((sum, { quantity }) => sum + quantity, 0)
    if (used !== units) wrong.push(`${used} of ${name} are alive for ${subject}, by the leases ${units}`)
  }
  const acts = runs.flatMap(({ acts: own }) => own.filter(({ lease }) => lease !== undefined))
  for (const lease of leases) {
    const own = acts.filter((act) => act.lease === lease.id && act.status !== 404 && act.status !== 410 && act.status !== 409)
    if (own.length === 0) wrong.push(`nobody has named the lease ${lease.id}`)
    if (own.some(({ action, status }) => action === 'end' && status === 200) && lease.state !== 'terminated') wrong.push(`the end of ${lease.id} was acknowledged, and it is ${lease.state}`)
    const until = own.flatMap(({ expiresAtMs }) => (expiresAtMs === undefined ? [] : [expiresAtMs]))
    if (lease.expiresAtMs !== undefined && !until.includes(lease.expiresAtMs)) wrong.push(`${lease.id} lives until ${lease.expiresAtMs}, said was ${until.join(', ')}`)
  }
  for (const { action, lease, status } of acts) {
    if (action === 'lease' && status === 200 && !isKnown(leases, lease)) wrong.push(`the lease ${lease} was acknowledged, and is not there`)
  }
  return wrong
}

const isKnown = (leases: readonly Lease[], id: string | undefined): boolean => leases.some((lease) => lease.id === id)
