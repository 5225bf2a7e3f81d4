import { InvalidArgumentError } from 'commander'

export interface MeterLimits {
  readonly [meter: string]: number | null
}

/** `daily=500`, `daily=plan` to fall back to the plan's; may be given several times. */
export function collectLimits(text: string, before: MeterLimits): MeterLimits {
  const [, meter, limit] = /^([A-Za-z][\w-]*)=(\d{1,15}|plan)$/.exec(text) ?? []
  if (meter === undefined || limit === undefined) throw new InvalidArgumentError('Write METER=NUMBER, such as daily=500, or METER=plan.')
  return { ...before, [meter]: limit === 'plan' ? null : Number(limit) }
}

/** Of what is new: where the plan's limit is asked for, it has none of its own. */
export function firstLimits(limits: MeterLimits): { readonly [meter: string]: number } | undefined {
  const own = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== null)
  return own.length === 0 ? undefined : Object.fromEntries(own)
}

/** `daily 500, monthly unlimited` */
export function formatLimits(limits: { readonly [meter: string]: number | string | undefined } | undefined): string {
  return Object.entries(limits ?? {}).map(([meter, limit]) => `${meter} ${limit}`).join(', ')
}
