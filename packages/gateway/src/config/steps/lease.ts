/** `lease: { param: id }`: lets pass only who names a living lease of their own. */
import { z } from 'zod'
import { compact } from 'tollgate/contract'
import { settings, text } from '../read/scalars.ts'
import { checkParam } from './path-param.ts'
import type { StepKind } from './step-kind.ts'

const shape = {
  lease: settings({
    param: text.describe('The path parameter that names the lease.'),
    allow: z.array(z.enum(['active', 'terminated'])).min(1).optional().describe('Default: the living ones only.'),
  }).describe('Lets pass only who names a living lease of their own.'),
} satisfies z.ZodRawShape

export const lease: StepKind<'lease', typeof shape> = {
  key: 'lease',
  shape,
  needs: [{ what: 'account', always: () => 'a public route knows no account whose leases it could look at' }],
  brings: [{ what: 'lease', example: 'lease: { param: id }' }],
  build({ lease: { param, allow } }, path, context) {
    checkParam(param, [...path, 'lease', 'param'], context)
    return compact({ kind: 'lease', param, allow })
  },
}
