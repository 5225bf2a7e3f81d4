import type { z } from 'zod'
import { formatPath } from '../config/read/config-problem.ts'
import { toProblems } from '../config/read/shape-problem.ts'
import { unusableNames } from '../config/read/unusable-names.ts'
import type { Input, InputShapes, Operation } from './operation.ts'
import { invalid, refused, type OrRefused } from './reply.ts'

const parts = ['params', 'query', 'body'] as const satisfies readonly (keyof InputShapes)[]

/** What was asked held against the operation's shapes; the refusal names the first field at fault, its value (unless secret) and the mend. */
export function readInput({ input: shapes, secrets = [] }: Pick<Operation, 'input' | 'secrets'>, asked: Readonly<Record<(typeof parts)[number], unknown>>): OrRefused<Input<InputShapes>> {
  const input: Partial<Record<(typeof parts)[number], unknown>> = {}
  for (const part of parts) {
    const shape = shapes[part]
    if (shape === undefined) continue
    const read = readPart(shape, asked[part], secrets)
    if (!read.ok) return read
    input[part] = read.value
  }
  // As the shapes have made it.
  return { ok: true, value: input as Input<InputShapes> }
}

function readPart(schema: z.ZodType, input: unknown, secrets: readonly string[]): OrRefused<unknown> {
  const [unusable] = unusableNames(input)
  if (unusable !== undefined) return invalid(formatPath(unusable.path), unusable.message)
  const parsed = schema.safeParse(input ?? {}, { reportInput: true })
  if (parsed.success) return { ok: true, value: parsed.data }
  const [problem] = toProblems(parsed.error.issues, withoutSecrets(input ?? {}, secrets))
  if (problem === undefined || problem.path.length === 0) return refused('request.invalid', { issue: problem?.message ?? 'the body does not fit' })
  const missing = problem.message.startsWith('is missing')
  return refused(missing ? 'field.missing' : 'field.invalid', {
    field: formatPath(problem.path),
    issue: problem.message,
    rule: missing ? 'required' : 'value',
  })
}

function withoutSecrets(input: unknown, secrets: readonly string[]): unknown {
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, secrets.includes(name) ? '(secret)' : value]))
}
