/** The dip over real HTTP and in real time, for some: whether the simulation says the truth. */
import { runTogether, withServers } from './children.ts'
import type { LoadSummary } from './figures.ts'

export interface LoopbackFigures {
  readonly name: string
  readonly one: LoadSummary
  readonly fleet: LoadSummary
}

export const loopbackNames = ['fetch', 'got', 'openai', 'AWS SDK', 'tollgate']

/** More at a time, and they are held up by each other. */
const TOGETHER = 2

/** Each with a server of its own; first one client, then a hundred. */
export async function runLoopback(names: readonly string[], progress: (line: string) => void): Promise<readonly LoopbackFigures[]> {
  const figures: LoopbackFigures[] = []
  for (let at = 0; at < names.length; at += TOGETHER) {
    const some = names.slice(at, at + TOGETHER)
    const measure = (clients: number): Promise<readonly LoadSummary[]> =>
      withServers('dip', some.length, (ports) => {
        progress(`loopback: ${some.join(', ')}, ${clients === 1 ? 'one client' : `${clients} clients`}, half a minute`)
        return runTogether<LoadSummary>('loopback-child', some.map((name, index) => [name, String(ports[index]), String(clients)]))
      })
    const one = await measure(1)
    const fleet = await measure(100)
    some.forEach((name, index) => {
      const [alone, together] = [one[index], fleet[index]]
      if (alone !== undefined && together !== undefined) figures.push({ name, one: alone, fleet: together })
    })
  }
  return figures
}
