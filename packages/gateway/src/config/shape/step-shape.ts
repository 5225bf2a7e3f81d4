/** One step of a route's own order. Its kinds say what each of them adds (`steps/`). */
import type { z } from 'zod'
import { exactlyOne, needs, rules } from '../build/schema-rules.ts'
import { onlyOne, settings } from '../read/scalars.ts'
import { stepKinds, steps, type WrittenStep } from '../steps/steps.ts'
import type { Together } from './together.ts'

const keys = stepKinds.map(({ key }) => key)
const beside = stepKinds.flatMap(({ key, shape }) => Object.keys(shape).flatMap((setting) => (setting === key ? [] : [{ key, setting }])))

const shape: Together<(typeof steps)[keyof typeof steps]['shape']> = Object.assign({}, ...stepKinds.map((kind) => kind.shape))

export const step = settings(shape)
  .partial()
  .refine(onlyOne(keys), `must be exactly one of ${keys.join(', ')}`)
  .superRefine((value: WrittenStep, context) => {
    for (const { key, setting } of beside) if (value[setting] !== undefined && value[key] === undefined) context.addIssue({ code: 'custom', path: [setting], message: `belongs to a ${key}` })
  })
  .meta(rules(exactlyOne(keys), ...beside.map(({ key, setting }) => needs(setting, key))))

export type StepShape = z.output<typeof step>
