/** The dip over real HTTP and in real time, for some: whether the simulation says the truth. */
import { runTogether, withServers } from './children.ts'
import type { LoadSummary } from './figures.ts'

export interface LoopbackFigures {
  readonly name: string
  readonly one: LoadSummary
  readonly fleet: LoadSummary
}

export const loopbackNames = ['fetch', 'got', 'openai', 'AWS SDK', 'tollgate']

/** All at once, each with a server of its own; first one client each, then a hundred. */
export async function runLoopback(names: readonly string[], progress: (line: string) => void): Promise<readonly LoopbackFigures[]> {
  const measure = (clients: number): Promise<readonly LoadSummary[]> =>
    withServers('dip', names.length, (ports) => {
      progress(`loopback: ${names.join(', ')}, ${clients === 1 ? 'one client' : `${clients} clients`} each, half a minute`)
      return runTogether<LoadSummary>('loopback-child', names.map((name, at) => [name, String(ports[at]), String(clients)]))
    })
  const one = await measure(1)
  const fleet = await measure(100)
  return names.flatMap((name, at) => {
    const [alone, together] = [one[at], fleet[at]]
    return alone === undefined || together === undefined ? [] : [{ name, one: alone, fleet: together }]
  })
}
