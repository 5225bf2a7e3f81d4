/** How many calls of an API are with its service at once, and how many of them callers may be whom nobody knows. */
import type { ApiShape } from '../shape/api-shape.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

/** Half of the places, so that neither can take all. Undefined where nobody is asked who they are. */
export function unauthenticatedPlaces({ inFlight, credentials }: ApiShape): number | undefined {
  return inFlight === undefined || credentials === undefined ? undefined : (inFlight.unauthenticated ?? Math.ceil(inFlight.max / 2))
}

export function checkInFlight({ inFlight, credentials }: ApiShape, path: Path, report: Report): void {
  if (inFlight?.unauthenticated === undefined) return
  if (credentials === undefined) report(path, 'says nothing where there are no credentials: nobody is known; take it away')
  else if (inFlight.unauthenticated > inFlight.max) report.value(path, `is more than max, which is ${inFlight.max}`)
}
