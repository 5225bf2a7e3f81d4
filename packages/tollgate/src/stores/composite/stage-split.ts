/** Which takes of a stage are counted by which engine, and how their answers come together again. */
import { isDurable } from '../../engine/kinds/kinds.ts'
import type { Take } from '../../engine/meters/meter.ts'

export interface SplitStage<T> {
  readonly ofCounters: readonly T[]
  readonly ofStore: readonly T[]
  /** Answers to both, in the order of the stage. */
  join<A>(counted: readonly A[], kept: readonly A[]): readonly A[]
}

export type StageSplit = <T extends Pick<Take, 'name' | 'meter' | 'reserved'>>(stage: readonly T[]) => SplitStage<T>

export function createStageSplit(keptWithMoney: (meter: string) => boolean): StageSplit {
  return (stage) => {
    const isCounted = stage.map((take) => !isDurable(take) && !keptWithMoney(take.name))
    return {
      ofCounters: stage.filter((_, at) => isCounted[at]),
      ofStore: stage.filter((_, at) => isCounted[at] !== true),
      join(counted, kept) {
        const [first, second] = [counted.values(), kept.values()]
        return isCounted.flatMap((is) => {
          const { value } = (is ? first : second).next()
          return value === undefined ? [] : [value]
        })
      },
    }
  }
}
