import { InvalidArgumentError } from 'commander'

/** Of money as it is written, so that no decimal is lost. */
export interface MeterLimits {
  readonly [meter: string]: number | string | null
}

/** `daily=500`, `spending=20.00`, `daily=plan` to fall back to the plan's; may be given several times. */
export function collectLimits(text: string, before: MeterLimits): MeterLimits {
  const [, meter, limit] = /^([A-Za-z][\w-]*)=(\d{1,15}(?:\.\d{1,30})?|plan)$/.exec(text) ?? []
  if (meter === undefined || limit === undefined) throw new InvalidArgumentError('Write METER=NUMBER, such as daily=500, or of money spending=20.00, or METER=plan.')
  return { ...before, [meter]: limit === 'plan' ? null : limit.includes('.') ? limit : Number(limit) }
}

/** Of what is new: where the plan's limit is asked for, it has none of its own. */
export function firstLimits(limits: MeterLimits): { readonly [meter: string]: number | string } | undefined {
  const own = Object.entries(limits).filter((entry): entry is [string, number | string] => entry[1] !== null)
  return own.length === 0 ? undefined : Object.fromEntries(own)
}

/** `daily 500, monthly unlimited` */
export function formatLimits(limits: { readonly [meter: string]: number | string | undefined } | undefined): string {
  return Object.entries(limits ?? {}).map(([meter, limit]) => `${meter} ${limit}`).join(', ')
}
