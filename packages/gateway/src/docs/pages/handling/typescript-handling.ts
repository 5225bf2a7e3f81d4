import type { DescribedContract } from '../../model/described-contract.ts'
import { bodyAccess, codesByRule, statusesByRule, type BodyAccess } from './body-access.ts'
import { ruleComments } from './rule-comments.ts'

/** `call`: the body of a success, or a `Refusal` that knows what a program may do. */
export function typescriptHandling(described: DescribedContract): string {
  const access = bodyAccess(described)
  const byCode = access.isJson && access.code !== undefined
  return `type Retry = 'never' | 'wait' | 'backoff' | 'refresh'

/** What the API refused, and what a program may do about it. */
class Refusal extends Error {
  readonly status: number
  readonly code: unknown
  readonly retry: Retry
  /** From the answer on. */
  readonly waitSeconds: number

  constructor(status: number, code: unknown, message: string, retry: Retry, waitSeconds: number) {
    super(message)
    this.status = status
    this.code = code
    this.retry = retry
    this.waitSeconds = waitSeconds
  }
}

/** The body of a success. */
async function call(url: string, init?: RequestInit): Promise<any> {
  const response = await fetch(url, init)
${bodyLines(access)}
  const waitSeconds = Number(response.headers.get('Retry-After') ?? 0)
${throwLines(access, byCode)}
}

function retryOf(${byCode ? 'code: unknown' : 'status: number'}): Retry {
  switch (${byCode ? 'code' : 'status'}) {
${casesOf(described, byCode)}
    default:
      return 'never'
  }
}
`
}

function bodyLines({ isJson, hidden, parent, code, successCode }: BodyAccess): string {
  const read = isJson ? '  // Whoever stands between may answer with something else than JSON.\n  const body = await response.json().catch(() => undefined)' : '  const body = await response.text()'
  const place = code === undefined ? '' : accessTo('body', [...parent, code])
  const nothing = successCode === undefined ? `${place} === undefined` : `(${place} === undefined || ${place} === ${literal(successCode)})`
  const success = hidden && code !== undefined ? `response.ok && ${nothing}` : 'response.ok'
  return `${read}\n  if (${hidden && isJson ? success : 'response.ok'}) return body`
}

function throwLines({ isJson, parent, code, message }: BodyAccess, byCode: boolean): string {
  if (!isJson) return '  throw new Refusal(response.status, undefined, body, retryOf(response.status), waitSeconds)'
  const error = `  const error = ${parent.length === 0 ? 'body' : accessTo('body', parent)} ?? {}\n`
  const sentence = message === undefined ? 'response.statusText' : `error${memberIn(message)} ?? response.statusText`
  return byCode && code !== undefined
    ? `${error}  const message = ${sentence}\n  throw new Refusal(response.status, error${memberIn(code)}, message, retryOf(error${memberIn(code)}), waitSeconds)`
    : `${error}  throw new Refusal(response.status, undefined, ${sentence}, retryOf(response.status), waitSeconds)`
}

function memberIn(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function accessTo(root: string, steps: readonly (string | number)[]): string {
  return root + steps.map((step) => (typeof step === 'number' ? `?.[${step}]` : /^[A-Za-z_$][\w$]*$/.test(step) ? `?.${step}` : `?.[${JSON.stringify(step)}]`)).join('')
}

function casesOf(described: DescribedContract, byCode: boolean): string {
  const groups = byCode ? codesByRule(described) : statusesByRule(described)
  return [...groups].map(([rule, keys]) => [`    // ${ruleComments[rule]}`, ...keys.map((key) => `    case ${literal(key)}:`), `      return '${rule}'`].join('\n')).join('\n')
}

function literal(key: string | number): string {
  return typeof key === 'number' ? String(key) : `'${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}

/** Repeats what may be repeated. */
export function typescriptLoop(): string {
  return `/** Give it what may be sent again: what reads, or what has an idempotency key. */
async function callAgain(url: string, init?: RequestInit, { attempts = 4, firstMs = 1_000, mostMs = 30_000 } = {}): Promise<any> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(url, init)
    } catch (error) {
      if (!(error instanceof Refusal) || attempt === attempts) throw error
      if (error.retry !== 'wait' && error.retry !== 'backoff') throw error
      // The random part keeps many clients from coming back at one moment.
      const pauseMs = error.retry === 'wait' ? 0 : Math.min(mostMs, firstMs * 2 ** (attempt - 1))
      const waitMs = Math.max(error.waitSeconds * 1_000, pauseMs) + Math.random() * firstMs
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}
`
}
