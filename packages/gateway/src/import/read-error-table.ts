/** A table of errors: which column says what is told by its head, and where that leaves a doubt, by what stands below it. */
import type { RetryRule } from 'tollgate/contract'
import { nothingFound, type FoundError } from './found-error.ts'
import type { PageBlock } from './page-block.ts'
import { remedyRule } from './remedy-rule.ts'

type Role = 'code' | 'status' | 'message' | 'description' | 'remedy' | 'retry' | 'field' | 'type'

const heads: readonly (readonly [RegExp, Role])[] = [
  [/^(?:http ?)?status(?: ?code)?s?$|^http(?: code)?$|^http status code$/i, 'status'],
  [/retr/i, 'retry'],
  [/^(?:field|param(?:eter)?|property|argument)s?$/i, 'field'],
  [/^(?:error ?)?type$|^category$/i, 'type'],
  [/^(?:typical )?(?:error ?\.? ?)?message$/i, 'message'],
  [/code|^errors?$|^name$|^identifier$|^constant$|^exception$|^key$/i, 'code'],
  [/message|^text$|^response$|^detail$/i, 'message'],
  [/descri|meaning|cause|reason|explanation|^when|details|what (?:it means|happened)|overview|notes?$/i, 'description'],
  [/action|fix|solution|remediation|resol|remed|recover|what to do|how to|handling|recommend|suggest|mitigat/i, 'remedy'],
]

export function readErrorTable({ head, rows }: Extract<PageBlock, { kind: 'table' }>, statuses: readonly number[]): { readonly errors: readonly FoundError[]; readonly limitHeaders: readonly string[] } {
  if (/^(?:response )?headers?(?: name)?$/i.test(head[0] ?? '')) return { errors: [], limitHeaders: rows.flatMap(([name = '']) => (/limit|remaining|reset/i.test(name) && !/retry/i.test(name) ? [name] : [])) }
  const roles = rolesOf(head, rows)
  if (!roles.includes('code') && !roles.includes('status')) return { errors: [], limitHeaders: [] }
  const cell = (row: readonly string[], role: Role): string | undefined => {
    const text = row[roles.indexOf(role)]?.trim()
    return text === undefined || /^[-–—]?$|^n\/?a$|^none$/i.test(text) ? undefined : text
  }
  const errors = rows.flatMap((row): readonly FoundError[] => {
    const said = statusesIn(cell(row, 'status') ?? '')
    const [status, ...others] = said.length > 0 ? said : statuses
    const type = cell(row, 'type')
    const told = tellingOf(cell(row, 'description'))
    const title = nameBehind(cell(row, 'status'))
    const saidRetry = retryIn(cell(row, 'retry'), `${cell(row, 'description') ?? ''} ${cell(row, 'remedy') ?? ''}`)
    const remedy = cell(row, 'remedy') ?? told.remedy
    const common: FoundError = {
      ...nothingFound,
      status,
      otherStatuses: others,
      message: cell(row, 'message') ?? title,
      // Beside the word of a program on whether to retry stand notes on that.
      description: roles.includes('retry') && !roles.includes('message') && codesIn(cell(row, 'code')).length === 0 ? undefined : told.description,
      remedy,
      retry: saidRetry ?? (remedy === undefined ? undefined : remedyRule(remedy)),
      isRetrySaid: saidRetry !== undefined,
      field: cell(row, 'field'),
      attributes: type === undefined ? {} : { type },
    }
    const codes = codesIn(cell(row, 'code'))
    if (codes.length === 0) return status === undefined ? sentenceAlone(cell(row, 'code'), common) : status < 400 ? [] : [common]
    return codes.flatMap((code) => (isSuccess(code, common) ? [] : [{ ...common, code }]))
  })
  return { errors, limitHeaders: [] }
}

/** `Error | Cause | Solution`: a column of what is sent, where it has neither codes nor statuses. */
function sentenceAlone(text: string | undefined, common: FoundError): readonly FoundError[] {
  return text === undefined || !/^\S+ \S/.test(text) || (common.description === undefined && common.remedy === undefined) ? [] : [{ ...common, message: common.message ?? text }]
}

/** Each role goes to the first column that has it. A column of codes in which only statuses stand is one of statuses. */
function rolesOf(head: readonly string[], rows: readonly (readonly string[])[]): readonly (Role | undefined)[] {
  const taken = new Set<Role>()
  const roles = head.map((title, at): Role | undefined => {
    const column = rows.map((row) => row[at]?.trim() ?? '').filter((text) => /\w/.test(text))
    const named = heads.find(([pattern]) => pattern.test(title.trim()))?.[1]
    // `any` may stand among them.
    const share = column.filter((text) => /^[1-5]\d{2}\b/.test(text)).length / column.length
    const areStatuses = share === 1 || (named === 'status' && share >= 0.5)
    // `Status | Not Found` beside a column of figures is a name.
    const role = areStatuses && named !== 'message' ? 'status' : named === 'status' ? 'message' : named
    if (role === undefined || taken.has(role)) return undefined
    taken.add(role)
    return role
  })
  // A first column that nobody has named, full of what looks like codes.
  const first = rows.map(([text = '']) => text.trim())
  if (!taken.has('code') && roles[0] === undefined && first.length > 0 && first.every((text) => /^[A-Za-z][\w.]*[_.\w]$/.test(text))) return ['code', ...roles.slice(1)]
  return roles
}

function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/\b([1-5]\d{2})\b/g)].map(([, status]) => Number(status))
}

/** Several stand in one cell, behind each other. What has spaces is a sentence, and no code. */
function codesIn(text: string | undefined): readonly (string | number)[] {
  if (text === undefined) return []
  const words = text.split(/\s*(?:,|\n|\/|\bor\b)\s*/).map((word) => word.replaceAll(/^[`'"*(]+|[`'"*)]+$/g, ''))
  const codes = words.filter((word) => /^[\w.:-]+$/.test(word))
  if (codes.length > 0 && codes.length === words.length) return codes.map((code) => (/^\d+$/.test(code) ? Number(code) : code))
  const [, numbered] = /^(-?\d{2,6})\b/.exec(text) ?? []
  return numbered === undefined ? [] : [Number(numbered)]
}

function isSuccess(code: string | number, { message, description, status }: FoundError): boolean {
  return (status !== undefined && status < 400) || ((code === 0 || code === 200 || /^(?:ok|success)$/i.test(String(code))) && /success|ok\b/i.test(`${message} ${description} ${code}`))
}

/** `401 - Invalid Authentication` */
function nameBehind(text: string | undefined): string | undefined {
  const [, name] = /^[1-5]\d{2}\s*[-–—:]?\s+([A-Z]\S*[\s\S]*)$/.exec(text ?? '') ?? []
  return name
}

/** `Cause: … Solution: …` in one cell. */
function tellingOf(text: string | undefined): { readonly description: string | undefined; readonly remedy: string | undefined } {
  const [, cause, solution] = /^(?:cause|reason|why|description)\s*:\s*([\s\S]+?)\s*(?:solution|fix|resolution|how to fix|action)\s*:\s*([\s\S]+)$/i.exec(text ?? '') ?? []
  return { description: cause ?? text, remedy: solution }
}

/** `beside`: what else the row says; a plain yes is explained there. */
function retryIn(text: string | undefined, beside: string): RetryRule | undefined {
  if (text === undefined) return undefined
  if (/^(?:yes|true|✓|✔|✅)\b|^[✓✔✅]/i.test(text) && text.length < 8) return remedyRule(beside)
  if (/^(?:no|never|false|✗|❌|x)\b|^[✗❌]/i.test(text)) return 'never'
  if (/back ?-?off|exponential/i.test(text)) return 'backoff'
  if (/wait|retry-after|after/i.test(text)) return 'wait'
  // Yes, and not how.
  return undefined
}
