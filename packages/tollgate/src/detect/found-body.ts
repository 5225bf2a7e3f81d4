/**
 * What a body says of an error, in whichever of the usual places: `error` is an object or a text, `errors` a list of objects or texts or a map of fields, `detail` an
 * object, a text or a list, and more. For answers that no dialect knows, and for what a dialect has no slot for.
 */
import type { WireIssue } from '../contract/declare/wire.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { fromPointer, fromSegments } from '../contract/values/field-path.ts'
import { isMapOfTexts } from './answerers.ts'
import { isJsonObject } from '../contract/values/json-object.ts'

export interface FoundBody {
  readonly message: string | undefined
  readonly code: string | number | undefined
  /** The class of error that stands beside the code (`invalid_request_error`). */
  readonly type: string | undefined
  readonly issues: readonly WireIssue[]
  readonly docs: string | undefined
  /** Of a list of errors each. */
  readonly items: readonly FoundItem[]
}

/** One error of a list, as far as it says what it is. */
export interface FoundItem {
  readonly status: number | undefined
  readonly code: string | number | undefined
  readonly message: string
}

const TEXT_CHARS_MAX = 8_192
const ITEMS_MAX = 100
const FIELD_CHARS_MAX = 256

export function readFoundBody(body: unknown): FoundBody {
  const [first] = Array.isArray(body) ? (body as readonly unknown[]) : [body]
  const errors = memberOf(first, 'errors')
  const [listed] = Array.isArray(errors) ? (errors as readonly unknown[]) : []
  const fault = memberOf(first, 'fault')
  const holders = [memberOf(first, 'error'), fault, memberOf(first, 'detail'), memberOf(memberOf(first, 'response'), 'error'), first, memberOf(first, 'base_resp'), listed, memberOf(fault, 'detail'), wrapped(first), wrapped(memberOf(first, 'error'))]
  const texts = [...holders.flatMap((holder) => ['message', 'msg', 'Message', 'error_description', 'description', 'error_message', 'detail', 'faultstring', 'status_msg', 'title'].map((name) => memberOf(holder, name))), ...holders.slice(0, 3), listed, memberOf(first, 'error'), memberOf(first, 'err')]
  // OAuth (RFC 6749 section 5.2): the code stands where others have the sentence.
  const oauthCode = memberOf(first, 'error_description') === undefined ? undefined : memberOf(first, 'error')
  const codes = [oauthCode, ...holders.flatMap((holder) => ['code', 'error_code', 'errorCode', 'error_type', 'message_type', 'errorcode', 'status_code', 'name', 'scimType', 'type', '__type'].map((name) => memberOf(holder, name)))]
  const docs = holders.flatMap((holder) => ['docs_url', 'doc_url', 'documentation_url', 'docs', 'more_info', 'help', 'help_url', 'documentation', 'info'].map((name) => memberOf(holder, name)))
  const listedIssues = issuesIn(memberOf(first, 'detail'), errors, memberOf(memberOf(first, 'error'), 'errors'), memberOf(memberOf(first, 'error'), 'details'), isMapOfTexts(first) ? first : undefined)
  const message = texts.map(toText).find((text) => text !== undefined)
  return {
    message,
    code: codes.find(isCode),
    type: holders.map((holder) => memberOf(holder, 'type')).find((type) => typeof type === 'string' && type !== 'error') as string | undefined,
    items: Array.isArray(errors) ? (errors as readonly unknown[]).slice(0, ITEMS_MAX).flatMap(toItem) : [],
    issues: listedIssues.length > 0 ? listedIssues : issueOf(first),
    docs: docs.find((url): url is string => typeof url === 'string' && /^https?:\/\/[^\s"<>]{1,2000}$/.test(url)),
  }
}

/** What a body has instead of being an object itself: one that is alone in it. */
function wrapped(body: unknown): unknown {
  const [member, ...others] = isJsonObject(body) ? Object.values(body) : []
  return others.length === 0 && isJsonObject(member) ? member : undefined
}

function isCode(code: unknown): code is string | number {
  return (typeof code === 'string' && code !== '' && code.length <= 256) || Number.isSafeInteger(code)
}

function toItem(item: unknown): readonly FoundItem[] {
  const status = Number(memberOf(item, 'status'))
  const code = [memberOf(item, 'code'), memberOf(memberOf(item, 'extensions'), 'code')].find(isCode)
  const message = ['detail', 'message', 'title'].map((name) => toText(memberOf(item, name))).find((text) => text !== undefined)
  return message === undefined && code === undefined ? [] : [{ status: status >= 400 && status <= 599 ? status : undefined, code, message: message ?? '' }]
}

/** Nest says several as a list. */
function toText(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.filter((item) => typeof item === 'string').slice(0, ITEMS_MAX).join('; ') : value
  return typeof text === 'string' && text.trim() !== '' ? text.slice(0, TEXT_CHARS_MAX) : undefined
}

/** Lists of objects that name a field, and maps of fields to sentences. */
function issuesIn(...lists: readonly unknown[]): readonly WireIssue[] {
  return lists.flatMap((list): readonly WireIssue[] => {
    if (Array.isArray(list)) return list.slice(0, ITEMS_MAX).flatMap(toIssue)
    if (!isJsonObject(list)) return []
    return Object.entries(list).slice(0, ITEMS_MAX).flatMap(([field, texts]: readonly [string, unknown]) => {
      const said = (Array.isArray(texts) ? (texts as readonly unknown[]) : []).filter((text) => typeof text === 'string').slice(0, ITEMS_MAX)
      return field === '__proto__' ? [] : said.map((issue) => ({ field, issue }))
    })
  })
}

/** What a single error says is wrong: `param` in OpenAI's envelope and in flat ones, `target` in that of Microsoft. */
function issueOf(body: unknown): readonly WireIssue[] {
  const inside = memberOf(body, 'error')
  const [field, issue] = isJsonObject(inside) ? [memberOf(inside, 'param') ?? memberOf(inside, 'target'), memberOf(inside, 'message')] : [memberOf(body, 'param'), memberOf(body, 'message')]
  if (typeof field !== 'string' || field === '' || field.length > FIELD_CHARS_MAX) return []
  return [typeof issue === 'string' ? { field, issue: issue.slice(0, TEXT_CHARS_MAX) } : { field }]
}

function toIssue(item: unknown): readonly WireIssue[] {
  const source = memberOf(item, 'source')
  const pointer = [memberOf(item, 'pointer'), memberOf(source, 'pointer')].find((value) => typeof value === 'string') as string | undefined
  const loc = memberOf(item, 'loc')
  const [place, ...path] = Array.isArray(loc) ? (loc as readonly unknown[]) : []
  const named = [memberOf(item, 'field'), memberOf(item, 'param'), memberOf(item, 'target'), memberOf(item, 'property'), memberOf(source, 'parameter')].find((value) => typeof value === 'string') as string | undefined
  const field = (pointer === undefined ? undefined : fromPointer(pointer)) ?? (path.length > 0 ? fromSegments(path) : undefined) ?? named
  if (field === undefined || field === '') return []
  const issue = [memberOf(item, 'msg'), memberOf(item, 'message'), memberOf(item, 'detail'), memberOf(item, 'issue'), memberOf(item, 'title')].find((value) => typeof value === 'string') as string | undefined
  const rule = [memberOf(item, 'type'), memberOf(item, 'code'), memberOf(item, 'rule')].find((value) => typeof value === 'string') as string | undefined
  const found: { -readonly [Name in keyof WireIssue]: WireIssue[Name] } = { field }
  if (typeof place === 'string' && path.length > 0) found.in = place
  if (issue !== undefined) found.issue = issue.slice(0, TEXT_CHARS_MAX)
  if (rule !== undefined) found.rule = rule.slice(0, 256)
  return [found]
}
