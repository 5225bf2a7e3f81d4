/** A limit as it is written of a meter, in the whole units that it counts: money by its scale. */
import { kindOf, type Meter } from 'tollgate/engine'
import { formatMoney } from 'tollgate/contract'
import { toUnits } from '../read/decimal.ts'

/** `name`: of the meter; undefined where it is not known. */
export function limitUnits(name: string | undefined, meter: Meter, written: number | string): { readonly units: number; readonly fault?: string } {
  const scale = kindOf(meter).scaleOf(meter)
  const holder = name === undefined ? 'the meter' : `"${name}"`
  if (scale === undefined) return typeof written === 'number' ? { units: written } : { units: 0, fault: `is ${written}, but ${holder} counts whole things; write a whole number from 0` }
  const read = toUnits(String(written), scale, holder)
  return read.ok ? { units: read.units } : { units: 0, fault: read.fault }
}

/** As people read it: money as a decimal. */
export function shownLimit(meter: Meter | undefined, units: number): number | string {
  const scale = meter && kindOf(meter).scaleOf(meter)
  return scale === undefined ? units : formatMoney({ units, scale }, scale)
}
