/** `chargeOn: [2xx, 303, resource.not_found]`: which answers cost, as it is written, and held against what the service can say. */
import { isSayable, namesOfRefusals } from 'tollgate/gate'
import { z } from 'zod'
import type { Path } from '../read/config-problem.ts'
import { suggestion } from '../read/suggestion.ts'
import type { StepContext } from './step-context.ts'

const refusalStatus = 'is a refusal, which costs by what it says: write a reason such as resource.not_found, or an entry of the contract'

const costing = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const status = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
    if (typeof status === 'string' || (Number.isInteger(status) && status >= 200 && status <= 399)) return status
    context.addIssue(status >= 400 && status <= 599 ? refusalStatus : 'must be a status from 200 to 399, 2xx, 3xx, or what refusals say, such as resource.not_found')
    return z.NEVER
  })
  .meta({ anyOf: [{ type: 'integer', minimum: 200, maximum: 399 }, { type: 'string', pattern: String.raw`^(?:[23](?:xx|\d\d)|[A-Za-z].*)$|\$\{` }] })

export const chargeOn = z
  .array(costing)
  .min(1)
  .describe(
    'Balances: which answers of the service cost, where they say no price: [2xx, 303], and refusals by reason, family or entry of the contract: [resource.not_found]. 3xx leaves 304 out. Default: 2xx, 3xx; also where only refusals are listed.',
  )

type ChargeOnShape = z.output<typeof chargeOn>

const classes = ['2xx', '3xx']

export function checkChargeOn(names: ChargeOnShape, path: Path, { report, route, refusals }: StepContext): void {
  for (const [at, name] of names.entries()) {
    if (typeof name === 'number' || classes.includes(name)) continue
    const place = [...path, at]
    if (/^[45]xx$/.test(name)) report(place, `"${name}" ${refusalStatus}`)
    else if (refusals === undefined) continue
    else if (!namesOfRefusals(refusals.contract).includes(name)) {
      report(place, `"${name}" is no status, no entry of the contract ${refusals.contract.name} and no reason${suggestion(name, [...classes, ...namesOfRefusals(refusals.contract)])}`)
    } else if (route.handler !== undefined) report(place, `"${name}" is what an upstream says, which is never asked: the handler answers`)
    else if (!isSayable(refusals.contract, name, refusals.may, refusals.isForeign)) {
      report.warn(place, `no answer of the service costs by "${name}", which is the gateway’s own to say; list it under may, or take it away`)
    }
  }
}
