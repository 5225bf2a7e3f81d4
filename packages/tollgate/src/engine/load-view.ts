/** The rounds of a store whose truth lies elsewhere: load what a group names, decide its batches, write what they changed. */
import { decideCommand, type CommandOutcome } from './decide-command.ts'
import type { StateCommand } from './decision.ts'
import { furtherFootprint, type Finding, type FootprintKey } from './footprint.ts'
import { LoadedView } from './loaded-view.ts'
import { KeyMap } from './key-map.ts'

/** Finds what lies behind each key. */
export type FindKeys = (keys: readonly FootprintKey[]) => Promise<readonly Finding[]>

/**
 * Loads what the keys name, and what that names in its turn: two rounds. Into a view that has something already only what is missing is loaded.
 *
 * @example
 * async function decideGroup(batches: readonly (readonly StateCommand[])[], find: FindKeys, write: (changed: GroupChanges) => Promise<void>) {
 *   const view = await loadView(batches.flat().flatMap(footprintOf), find)
 *   const results = batches.map((batch) => decideBatch(view, batch, Date.now()))
 *   await write(view.changed)
 *   return results
 * }
 */
export async function loadView(keys: readonly FootprintKey[], find: FindKeys, view = new LoadedView()): Promise<LoadedView> {
  const first = await find(missing(view, keys))
  view.add(first)
  const further = missing(view, furtherFootprint(first))
  if (further.length > 0) view.add(await find(further))
  return view
}

function missing(view: LoadedView, keys: readonly FootprintKey[]): readonly FootprintKey[] {
  const asked = new KeyMap<true>()
  return keys.filter((key) => {
    if (view.has(key) || asked.has(key)) return false
    asked.set(key, true)
    return true
  })
}

/**
 * Decides all commands of a batch and puts their changes over the view. If it throws, the view is as it was, and no command of the batch took effect.
 *
 * @example
 * const findNothing: FindKeys = async (keys) => keys.flatMap((key) => (key.of === 'owner' ? [{ ...key, found: undefined }] : []))
 * const view = await loadView([{ of: 'owner', owner: 'gateway 1' }], findNothing)
 * decideBatch(view, [{ kind: 'beat', owner: 'gateway 1', ttlMs: 10_000 }], 5_000)
 * view.changed.owners.get('gateway 1') // => 15_000
 */
export function decideBatch(view: LoadedView, commands: readonly StateCommand[], nowMs: number): readonly CommandOutcome['result'][] {
  // One decision alone changes nothing before it is made.
  const trial = commands.length > 1 ? view.fork() : view
  const decided = commands.map((command) => {
    const outcome = decideCommand(trial, command, nowMs)
    trial.put(outcome.changes)
    return outcome
  })
  if (trial !== view) for (const { changes } of decided) view.put(changes)
  return decided.map(({ result }) => result)
}
