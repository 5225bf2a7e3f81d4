/** The steps of a route in their order: each must find what it needs, and leaves what it brings to those after it. */
import type { Path } from '../read/config-problem.ts'
import type { StepContext } from './step-context.ts'
import type { Bring, Brought, NeedPlace, Thing } from './step-kind.ts'
import { stepKinds, type AnyStepKind, type WrittenStep } from './steps.ts'

export interface StepOrder {
  add(kind: AnyStepKind, settings: WrittenStep, path: Path): void
  /** After the last one: what any step might have brought. */
  end(): void
}

/** `isPartial`: some step is set aside, so what it would have brought is not known, and nothing is called missing. */
export function createStepOrder(context: StepContext, isPartial: boolean): StepOrder {
  const { route, report, columns } = context
  const found = new Map<Thing, readonly string[]>([
    ['account', route.public ? [] : ['the caller’s']],
    ['service', route.handler === undefined ? ['the upstream’s'] : []],
  ])
  const open: { readonly what: Thing; readonly path: Path; readonly fault: string }[] = []
  const foundOf = (what: Thing): readonly string[] => found.get(what) ?? []
  // What the route has from the start is known, whatever is set aside.
  const isMissing = (what: Thing): boolean => foundOf(what).length === 0 && (!isPartial || found.has(what))

  function checkNeeds(kind: AnyStepKind, settings: WrittenStep, path: Path): void {
    for (const { what, anywhere, always, where } of kind.needs) {
      if (always !== undefined && isMissing(what)) report([...path, kind.key], always(route))
      for (const place of where?.(settings, context) ?? []) {
        if (anywhere === true) open.push({ what, path: [...path, ...place.at], fault: place.fault })
        else checkPlace(what, place, path)
      }
    }
  }

  function checkPlace(what: Thing, { at, fault, column }: NeedPlace, path: Path): void {
    const place = [...path, ...at]
    const name = foundOf(what).at(-1)
    if (isMissing(what)) report(place, `${fault}${mendOf(what)}`)
    else if (name !== undefined && column !== undefined) columns.add(name, column.name, column.meaning, place)
  }

  function bring(what: Thing, { name, again }: Brought, path: Path): void {
    const earlier = again?.byName === true ? foundOf(what).find((each) => each === name) : foundOf(what)[0]
    if (again !== undefined && earlier !== undefined) report([...path, ...again.at], again.fault(earlier))
    else found.set(what, [...foundOf(what), name])
  }

  return {
    add(kind, settings, path) {
      checkNeeds(kind, settings, path)
      const { key, precedes } = kind
      const [tooSoon] = precedes === undefined ? [] : foundOf(precedes.what)
      if (precedes !== undefined && tooSoon !== undefined) report([...path, key], precedes.fault(tooSoon))
      for (const each of kind.brings) for (const brought of broughtBy(kind, each, settings, context)) bring(each.what, brought, path)
    },
    end() {
      for (const { what, path, fault } of open) if (isMissing(what)) report(path, fault)
    },
  }
}

function broughtBy({ key }: AnyStepKind, { which, setting = key, once }: Bring<WrittenStep>, settings: WrittenStep, context: StepContext): readonly Brought[] {
  if (which !== undefined) return which(settings, context)
  if (settings[setting] === undefined) return []
  return [once === undefined ? { name: setting } : { name: setting, again: { at: [setting], fault: () => once } }]
}

function mendOf(what: Thing): string {
  const example = stepKinds.flatMap(({ brings }) => brings).find((each) => each.what === what)?.example
  return example === undefined ? '' : `; put a step such as ${example} before this one`
}
