/** How a program gets at the code and the sentence of a body, as its envelope has them. */
import type { RetryRule } from 'tollgate/contract'
import type { DescribedContract } from '../../model/described-contract.ts'

/** Of an envelope that is JSON. `[]` of a list is its first item. Undefined: it has no such place. */
export interface BodyAccess {
  readonly isJson: boolean
  /** The object in which both stand, as steps from the body: `['error']`. */
  readonly parent: readonly (string | number)[]
  readonly code: string | undefined
  readonly message: string | undefined
  /** Whether an error may come with a status of success, so that the status does not tell it. */
  readonly hidden: boolean
  /** What a success has in the place of the code. Undefined: nothing. */
  readonly successCode: string | number | undefined
}

export function bodyAccess(described: DescribedContract): BodyAccess {
  const { members, entries, declaration } = described
  const code = entries.some((entry) => entry.code !== '') ? stepsTo(members.find(({ slot }) => slot === 'code')?.place) : undefined
  const message = stepsTo(members.find(({ slot }) => slot === 'message')?.place)
  const parent = (code ?? message ?? []).slice(0, -1)
  const beside = message !== undefined && message.slice(0, -1).join('\n') === parent.join('\n')
  return {
    isJson: /(?:^|[/+])json$/i.test(declaration.envelope.contentType?.split(';', 1)[0]?.trim() ?? 'application/json'),
    parent,
    code: nameAt(code),
    message: beside ? nameAt(message) : undefined,
    hidden: entries.some(({ sentAs }) => sentAs < 400),
    successCode: code === undefined ? undefined : valueIn(described.success.body, code),
  }
}

function valueIn(body: string, steps: readonly (string | number)[]): string | number | undefined {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  for (const step of steps) value = typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as { readonly [name: string | number]: unknown })[step] : undefined
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

/** `errors[].code` → `['errors', 0, 'code']`. */
function stepsTo(place: string | undefined): readonly (string | number)[] | undefined {
  return place === undefined || place === '' ? undefined : place.split('.').flatMap((part) => part.split(/(?=\[)/).map((piece) => (piece.startsWith('[') ? Number(piece.slice(1, -1)) || 0 : piece)))
}

function nameAt(steps: readonly (string | number)[] | undefined): string | undefined {
  const last = steps?.at(-1)
  return typeof last === 'string' ? last : undefined
}

/** Codes by what a program may do. Where the same code has two rules, the one that does less. */
export function codesByRule({ entries }: DescribedContract): ReadonlyMap<RetryRule, readonly (string | number)[]> {
  const ruleOf = new Map<string | number, RetryRule>()
  for (const { code, retry } of entries) {
    if (code === '') continue
    const known = ruleOf.get(code)
    ruleOf.set(code, known === undefined || known === retry.rule ? retry.rule : 'never')
  }
  return grouped(ruleOf)
}

/** The same of statuses, for APIs without codes. */
export function statusesByRule({ entries }: DescribedContract): ReadonlyMap<RetryRule, readonly number[]> {
  const ruleOf = new Map<number, RetryRule>()
  for (const { sentAs, retry } of entries) {
    const known = ruleOf.get(sentAs)
    ruleOf.set(sentAs, known === undefined || known === retry.rule ? retry.rule : 'never')
  }
  return grouped(ruleOf)
}

function grouped<Key>(ruleOf: ReadonlyMap<Key, RetryRule>): ReadonlyMap<RetryRule, readonly Key[]> {
  const groups = new Map<RetryRule, Key[]>()
  for (const rule of ['wait', 'backoff', 'refresh', 'never'] as const) {
    const keys = [...ruleOf].flatMap(([key, own]) => (own === rule ? [key] : []))
    if (keys.length > 0) groups.set(rule, keys)
  }
  return groups
}
