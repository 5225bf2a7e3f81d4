/** `read: [credit]`: shows what meters say, and changes nothing. */
import { z } from 'zod'
import { text } from '../read/scalars.ts'
import { checkMeter, needsOfMeter } from './step-meters.ts'
import { meterNamed } from './step-context.ts'
import type { StepKind } from './step-kind.ts'

const shape = {
  read: z.array(text).min(1).meta({ uniqueItems: true, description: 'Shows what these meters say to the upstream, and changes nothing.' }),
} satisfies z.ZodRawShape

export const read: StepKind<'read', typeof shape> = {
  key: 'read',
  shape,
  needs: [{ what: 'account', where: ({ read: names }, context) => names.flatMap((name, at) => needsOfMeter(name, ['read', at], context)) }],
  brings: [],
  build({ read: names }, path, context) {
    for (const [at, name] of names.entries()) {
      const place = [...path, 'read', at]
      checkMeter(name, place, context)
      if (names.indexOf(name) !== at) context.report(place, `"${name}" is read twice`)
      const per = meterNamed(name, context)?.per
      if (per === 'resource' || per === 'lease') context.report(place, `"${name}" counts per ${per}, and a read shows only meters of the caller`)
    }
    return { kind: 'read', meters: names }
  },
}
