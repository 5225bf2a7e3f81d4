/** What a dialect says when all went well, for answers that the gateway gives by itself. Services write their own. */
import type { JsonValue } from '../declare/facts.ts'
import { echoedValue } from '../values/echo.ts'
import { formatTimestamp } from '../values/timestamp.ts'
import { isJsonObject } from '../values/json-object.ts'
import type { Slot, TemplateNode } from './template.ts'
import type { AnswerContext } from '../declare/wire.ts'
import type { BodyFormat } from './body-format.ts'
import { formatForm } from './form.ts'
import { formatXml, toXmlNames } from './xml.ts'

export interface Success {
  readonly status: number
  readonly data: JsonValue
  readonly context: AnswerContext
}

/** Without a declared form the data stands bare, in XML as one element. */
export function writeSuccess(node: TemplateNode | undefined, given: Success, format: BodyFormat = 'json'): string {
  const success = format === 'xml' ? withNames(given) : given
  if (format === 'xml') return formatXml(node === undefined ? { data: success.data } : (build(node, success) ?? null))
  if (format === 'form') return formatForm(node === undefined ? success.data : (build(node, success) ?? null))
  if (node === undefined) return JSON.stringify(success.data)
  if (node.kind === 'text') return node.parts.map((part) => (typeof part === 'string' ? part : toText(valueOf(part, success)))).join('')
  return JSON.stringify(build(node, success) ?? null)
}

/** Data, and what the caller has sent, may have any names. */
function withNames(success: Success): Success {
  const { request } = success.context
  const named = request && ((path: string) => {
    const value = request(path)
    return value === undefined ? undefined : toXmlNames(value as JsonValue)
  })
  return { ...success, data: toXmlNames(success.data), context: { ...success.context, request: named } }
}

/** Undefined: absent. */
function build(node: TemplateNode, success: Success): JsonValue | undefined {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'slot':
      return valueOf(node.slot, success)
    case 'array':
      return node.items.map((item) => build(item, success) ?? null)
    case 'object': {
      const named = new Set(node.members.flatMap((member) => (member.kind === 'member' ? [member.key] : [])))
      const members = node.members.flatMap((member) => {
        if (member.kind === 'member') return [[member.key, build(member.node, success)] as const]
        // What the form itself says is not said otherwise by the data.
        return isJsonObject(success.data) ? Object.entries(success.data).filter(([key]) => !named.has(key)) : []
      })
      return Object.fromEntries(members.filter((member): member is [string, JsonValue] => member[1] !== undefined))
    }
    case 'each': {
      const items: readonly JsonValue[] = Array.isArray(success.data) ? success.data : [success.data]
      return items.map((data) => build(node.item, { ...success, data }) ?? null)
    }
    case 'sentence':
      return node.parts.map((part) => (typeof part === 'string' ? part : toText(valueOf(part, success)))).join('')
    case 'text':
      return undefined
  }
}

function valueOf(slot: Slot, { status, data, context }: Success): JsonValue | undefined {
  const { kind, policy } = slot
  const empty = policy === 'absent' ? undefined : null
  switch (kind) {
    case 'data':
      return data ?? empty
    case 'request':
      return echoedValue(context.request, slot.name) ?? empty
    case 'requestId':
      return context.requestId
    case 'status':
      return status
    case 'timestamp':
      return formatTimestamp(context.nowMs) ?? empty
    default:
      // A checked contract has no others here.
      return empty
  }
}

function toText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
