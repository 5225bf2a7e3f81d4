/** The schema of an answer says what the writer writes: of every entry of every contract, with all facts and with none that may be missing. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { catalog } from 'tollgate/catalog'
import { defineContract, refuse, type Contract, type ContractDeclaration, type EntryDeclaration, type Facts } from 'tollgate/contract'
import { typicalFacts } from 'tollgate/testing'
import { findContract } from '../config/build/contract-source.ts'
import { createFiles } from '../config/read/files.ts'
import { parseXml } from '../platform/parse-xml.ts'
import { isProving } from '../../../../test/runs.ts'
import { declaredErrors } from './declared-errors.ts'
import type { ErrorSchema } from './json-schema-node.ts'
import { readBody } from './read-body.ts'

const NOW_MS = Date.UTC(2026, 10, 29)
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/ }, keywords: ['xml'] })
const context = { requestId: 'req_1', nowMs: NOW_MS, request: (path: string) => (path === 'id' ? 7 : undefined) }
const ignored = () => undefined
/** The others have their turn where much is tried. */
const everyday = new Set(['ai-api', 'chatads', 'jogg', 'leaperone', 'nexalayer', 'anthropic', 'fastapi', 'google', 'json-api', 'openai', 'problem', 'aspnet'])
const shipped = Object.keys(catalog).filter((name) => isProving || everyday.has(name)).flatMap((name) => findContract(name, [], createFiles('.'), ignored, ignored) ?? [])

const compiled = new Map<ErrorSchema, ReturnType<typeof ajv.compile>>()

function faultsOf(schema: ErrorSchema, value: unknown): unknown {
  const check = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, check)
  return check(value) ? [] : { errors: check.errors, value, schema }
}

/** All that it may say; what it promises; two fields at fault. */
function factsOf(contract: Contract, id: string): readonly Facts[] {
  const entry = contract.entries.get(id)
  if (entry === undefined) return []
  const all = typicalFacts(entry, NOW_MS)
  const promised = new Set(contract.detailsOf(id).flatMap(({ name, from, whenUnknown }) => (whenUnknown === 'required' ? [name, from ?? name] : [])))
  const few = Object.fromEntries(Object.entries(all).filter(([name]) => promised.has(name) || Object.hasOwn(entry.when ?? {}, name)))
  const issues = [{ field: 'items.0.name', in: 'body', issue: 'is required', rule: 'required' }, { field: 'size', in: 'query', issue: 'is too large', rule: 'maximum' }]
  return [all, few, { ...few, issues }, { ...few, waitHelps: false }]
}

function faultsOfContract(contract: Contract): readonly unknown[] {
  const declared = declaredErrors(contract)
  return declared.flatMap(({ entry, schema }) =>
    factsOf(contract, entry.id).flatMap((facts) => {
      const refusal = refuse(entry.reason, facts, { entry: entry.id })
      const answer = contract.answer(refusal, context)
      const rendered = contract.render(refusal, context).entry
      // Of a list the worst speaks for all, by its own schema.
      const spoken = declared.find((each) => each.entry.id === rendered)?.schema ?? schema
      const faults = faultsOf(spoken, readBody(answer.body, contract.declaration.envelope.contentType, spoken))
      return Array.isArray(faults) ? [] : [{ contract: contract.name, entry: entry.id, facts, faults }]
    }))
}

describe('answers of shipped contracts fit the schemas of their entries', () => {
  it.each(shipped.map((contract) => [contract.name, contract] as const))('%s', (_, contract) => {
    expect(faultsOfContract(contract)).toEqual([])
  })

  it('and events of their streams', () => {
    const streaming = shipped.filter(({ declaration }) => declaration.envelope.stream !== undefined)
    expect(streaming.length).toBeGreaterThan(2)
    for (const contract of streaming) {
      for (const { entry, streamSchema } of declaredErrors(contract)) {
        const frame = contract.streamFrame(refuse(entry.reason, typicalFacts(entry, NOW_MS), { entry: entry.id }), context) ?? ''
        const data: unknown = JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? '')
        expect(faultsOf(streamSchema ?? { type: 'null' }, data)).toEqual([])
      }
    }
  })
})

const refused = {
  status: 409, reason: 'resource.conflict', message: 'Only {left} left.', description: 'Sold out.', attributes: { type: 'conflict', note: null },
  details: { left: 'integer from remaining', until: 'timestamp? from untilMs', owner: 'string|null', price: 'money?', tags: 'strings?' },
} as const satisfies Omit<EntryDeclaration, 'code'>

/** `entries` are those of interest; what every contract must have beside them speaks for the rest. */
function contractOf(envelope: ContractDeclaration['envelope'], entry: Partial<EntryDeclaration> = {}): Contract {
  const shown = (attributes: EntryDeclaration['attributes'] = {}) => ({ attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => JSON.stringify(envelope).includes(`$${name}`))) })
  const isNullable = envelope.contentType === undefined
  return defineContract({
    name: 'shop', title: 'Shop', authenticate: 'Bearer', envelope,
    entries: {
      soldOut: { ...refused, ...shown(refused.attributes), details: { ...refused.details, owner: isNullable ? 'string|null' : 'string?' }, code: 'SOLD_OUT', ...entry },
      failed: { code: 'FAILED', status: 500, reason: 'internal', alsoFor: ['credential.*', 'token.*', 'permission.*', 'account.*', 'request.*', 'field.*', 'route.*', 'method.*', 'resource.*', 'rate.*', 'concurrency.*', 'quota.*', 'credit.*', 'session.*', 'idempotency.*', 'content.*', 'upstream.*', 'capacity.*', 'service.*'], message: 'It failed.', description: 'It failed.', ...shown({ type: 'failure', note: null }) },
    },
  } as ContractDeclaration, { parseXml }) as Contract
}

function schemaIn(contract: Contract, id = 'soldOut'): ErrorSchema {
  const found = declaredErrors(contract).find(({ entry }) => entry.id === id)
  if (found === undefined) throw new Error(`no entry ${id}`)
  return found.schema
}

const details = {
  type: 'object',
  properties: {
    left: { type: 'integer' },
    until: { type: 'string', format: 'date-time', description: 'an instant, UTC' },
    owner: { type: ['string', 'null'] },
    price: { type: 'number', description: 'an amount, in major units' },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['left', 'owner'],
}

describe('a template with its slots', () => {
  it('has constants where the entry fixes them, types where an answer fills them, and requires what is always there', () => {
    expect(schemaIn(contractOf({ error: { ok: false, data: null, error: { code: '$code', type: '$type', http: '$status', message: '$message', info: '$details' }, id: '$requestId', at: '$timestamp' } }))).toEqual({
      type: 'object',
      properties: {
        ok: { type: 'boolean', const: false },
        data: { type: 'null' },
        error: {
          type: 'object',
          properties: { code: { type: 'string', const: 'SOLD_OUT' }, type: { type: 'string', const: 'conflict' }, http: { type: 'integer', const: 409 }, message: { type: 'string' }, info: details },
          required: ['code', 'type', 'http', 'message', 'info'],
        },
        id: { type: 'string' },
        at: { type: 'string', format: 'date-time' },
      },
      required: ['ok', 'data', 'error', 'id', 'at'],
    })
  })

  it('leaves out, or nulls, what may be empty: slots, details, members that are optional', () => {
    const contract = contractOf({ error: { code: '$code', message: '$message', 'at?': { place: '$details.until', who: '$request.user' }, price: '$details.price|null', until: '$details.until?', note: '$note|null', fields: '$fields?', more: '$details?' } })
    expect(schemaIn(contract)).toMatchObject({
      properties: {
        at: { type: 'object', properties: { place: { type: 'string', format: 'date-time' }, who: {} } },
        price: { type: ['number', 'null'] },
        until: { type: 'string' },
        note: { type: 'null' },
        fields: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
        more: { required: ['left', 'owner'] },
      },
      required: ['code', 'message', 'price', 'note', 'more'],
    })
    // An entry without details has none.
    expect(schemaIn(contract, 'failed')).toMatchObject({ required: ['code', 'message', 'price', 'note'], properties: { price: { type: 'null' } } })
    expect(Object.keys(schemaIn(contract, 'failed').properties ?? {})).not.toContain('more')
    expect(faultsOfContract(contract)).toEqual([])
  })

  it('spreads details that have no place of their own', () => {
    const contract = contractOf({ error: { code: '$code', left: '$details.left|null', '...': '$details', message: '$message' } })
    expect(Object.keys(schemaIn(contract).properties ?? {})).toEqual(['code', 'left', 'until', 'owner', 'price', 'tags', 'message'])
    expect(schemaIn(contract).required).toEqual(['code', 'left', 'owner', 'message'])
    expect(faultsOfContract(contract)).toEqual([])
  })

  it('has lists whose items may be of other entries, and maps', () => {
    const list = contractOf({ error: { errors: { $each: '$errors', as: { code: '$code', message: '$message', at: ['body', '$path'], field: '$field?', rule: '$rule|null' } } } })
    const item = { type: 'object', properties: { code: { type: 'string', const: 'FAILED' }, message: { type: 'string' }, at: { type: 'array', prefixItems: [{ type: 'string', const: 'body' }], items: { type: ['string', 'integer'] }, minItems: 1 }, field: { type: 'string' }, rule: { type: ['string', 'null'] } }, required: ['code', 'message', 'at', 'rule'] }
    expect(schemaIn(list, 'failed')).toEqual({ type: 'object', properties: { errors: { type: 'array', items: item, minItems: 1 } }, required: ['errors'] })
    const ofRequests = contractOf({ error: { errors: { $each: '$errors', as: { code: '$code', message: '$message' } } } }, { reason: 'field.invalid' })
    expect(schemaIn(ofRequests).properties?.['errors']?.items?.anyOf?.map(({ properties }) => properties?.['code']?.const)).toEqual(['SOLD_OUT', 'FAILED'])
    const map = contractOf({ error: { code: '$code', message: '$message', errors: { $each: '$fields?', key: ['$field', 'base'], as: ['$issue'] } } })
    expect(schemaIn(map).properties?.['errors']).toEqual({ type: 'object', additionalProperties: { type: 'array', items: { type: ['string', 'null'] } } })
    expect(schemaIn(map).required).toEqual(['code', 'message'])
    expect([...faultsOfContract(list), ...faultsOfContract(map)]).toEqual([])
  })

  it('has a family of its own where an entry names one', () => {
    const contract = contractOf({ error: { code: '$code', message: '$message' }, families: { plain: { error: '$message', why: 'no {code}: {message}' } } }, { family: 'plain' })
    expect(schemaIn(contract)).toEqual({ type: 'object', properties: { error: { type: 'string' }, why: { type: 'string', pattern: String.raw`^no SOLD_OUT: [\s\S]*$` } }, required: ['error', 'why'] })
    expect(schemaIn(contract, 'failed').required).toEqual(['code', 'message'])
  })

  it('has the codes that a service may say in place of its own', () => {
    const contract = contractOf({ error: { code: '$code', message: '$message' } }, { read: { code: ['GONE', 'sold_*', '9**'] } })
    expect(schemaIn(contract).properties?.['code']).toEqual({ anyOf: [{ type: 'string', const: 'SOLD_OUT' }, { type: 'string', const: 'GONE' }, { type: 'string', pattern: String.raw`^sold_[\s\S]*$` }, { type: 'string', pattern: String.raw`^9\*$` }] })
  })

  it('is a pattern where the body is text, and texts where it is a form', () => {
    const text = contractOf({ error: '[$code] $message (id: $requestId)', contentType: 'text/plain' }, { details: {}, message: 'Sold out.' })
    expect(schemaIn(text)).toEqual({ type: 'string', pattern: String.raw`^\[SOLD_OUT\] [\s\S]* \(id: [\s\S]*\)$` })
    const form = contractOf({ error: { status: 'error', code: '$code', http: '$status', message: '$message', '...': '$details' }, contentType: 'application/x-www-form-urlencoded' })
    expect(schemaIn(form)).toMatchObject({
      properties: { http: { type: 'string', const: '409' }, left: { type: 'string', pattern: String.raw`^-?\d+$` }, owner: { type: 'string' }, tags: { anyOf: [{ type: 'string' }, { type: 'array' }] } },
      required: ['status', 'code', 'http', 'message', 'left'],
    })
    expect([...faultsOfContract(text), ...faultsOfContract(form)]).toEqual([])
  })

  it('is the tree of an XML document, with its attributes', () => {
    const xml = contractOf({ error: { Error: { '@code': '$code', Message: '$message', Info: '$details', Fields: { Field: { $each: '$fields', as: { '@name': '$field', '#text': '$issue' } } } } }, contentType: 'application/xml' })
    expect(schemaIn(xml).properties?.['Error']).toMatchObject({
      properties: { code: { const: 'SOLD_OUT', xml: { attribute: true } }, Message: { type: 'string' }, Info: { properties: { left: { type: 'integer' }, owner: { type: 'string' } }, required: ['left'] } },
      required: ['code', 'Message', 'Info', 'Fields'],
    })
    expect(faultsOfContract(xml)).toEqual([])
  })

  it('refuses what the entry would not say', () => {
    const schema = schemaIn(contractOf({ error: { code: '$code', message: '$message', info: '$details' } }))
    const good = { code: 'SOLD_OUT', message: 'x', info: { left: 3, owner: null } }
    expect(faultsOf(schema, good)).toEqual([])
    for (const bad of [{ ...good, code: 'OTHER' }, { ...good, message: 4 }, { ...good, info: { left: '3', owner: null } }, { ...good, info: { left: 3 } }, { code: 'SOLD_OUT', message: 'x' }]) expect(faultsOf(schema, bad)).not.toEqual([])
  })
})
