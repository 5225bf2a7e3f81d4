/** A cluster counts on one node what one stage takes: what is of an account, or of one address, resource or lease. A stage that mixes them would be refused with each call. */
import { isDurable } from 'tollgate/engine'
import type { ApiOptions, StageOptions } from 'tollgate/gate'
import type { ValkeyConfig } from '../engine-config.ts'
import type { Report } from '../read/report.ts'

type Api = Pick<ApiOptions, 'name' | 'meters' | 'routes'>

export function checkClusterStages(counters: ValkeyConfig | undefined, apis: readonly Api[], report: Report): void {
  if (counters?.isCluster !== true) return
  const reserved = new Set(apis.flatMap(({ routes }) => routes.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'take' ? reservedIn(step.take) : [])))))
  for (const api of apis) {
    for (const [at, { steps }] of api.routes.entries()) {
      for (const [of, step] of steps.entries()) {
        if (step.kind === 'take') checkStage(step.take, ['apis', api.name, 'routes', at, 'steps', of, 'take'])
      }
    }

    function checkStage(stage: StageOptions['take'], path: readonly (string | number)[]): void {
      const counted = stage.flatMap((each, at) => {
        const name = nameOf(each)
        const known = Object.hasOwn(api.meters, name) ? api.meters[name] : undefined
        // Money, and what is kept with it, is not counted there.
        return known === undefined || isDurable(known) || reserved.has(name) ? [] : [{ name, per: known.per, at }]
      })
      const [first] = counted
      const other = counted.find(({ per }) => first !== undefined && ownerOf(per) !== ownerOf(first.per))
      if (first === undefined || other === undefined) return
      const place = [...path, other.at, ...(typeof stage[other.at] === 'string' ? [] : ['meter'])]
      report(place, `"${other.name}" counts per ${other.per} and "${first.name}" per ${first.per}, which are on different nodes of a cluster; take "${other.name}" in a step of its own`)
    }
  }
}

function reservedIn(stage: StageOptions['take']): readonly string[] {
  return stage.flatMap((each) => (typeof each !== 'string' && each.reserve !== undefined ? [each.meter] : []))
}

function nameOf(each: StageOptions['take'][number]): string {
  return typeof each === 'string' ? each : each.meter
}

/** On whose node it is. */
function ownerOf(per: Api['meters'][string]['per']): string {
  return per === 'user' || per === 'key' ? 'account' : per
}
