/** The types of contracts, each held against the examples of the contract by who reads it: the compiler of TypeScript, Zod, ajv. Python has a test of its own. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aiApi, catalog, chatads, jogg, leaperone, nexalayer } from 'tollgate/catalog'
import { defineContract, type Contract, type ContractDeclaration } from 'tollgate/contract'
import { isProving } from '../../../../test/runs.ts'
import { describeContract, EXAMPLE_NOW_MS } from '../docs/model/describe-contract.ts'
import { hostileContract, hostileIds } from './fixtures/hostile-contract.ts'
import { mutantsOf } from './fixtures/mutants.ts'
import { errorTypes, type ErrorType } from './error-types.ts'
import { writeTypes, type TypeTarget } from './write-types.ts'

const root = join(import.meta.dirname, '../../../..')
// Inside the repository, so that Zod is found.
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(root, 'test/types-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const five = [aiApi, chatads, jogg, leaperone, nexalayer] as unknown as readonly Contract[]
const others = Object.values(catalog as unknown as Record<string, Contract>).filter(({ name }) => !five.some((contract) => contract.name === name))
const contracts = [...five, hostileContract, ...(isProving ? others : [catalog['fastapi'] as unknown as Contract, catalog['google'] as unknown as Contract])].map((contract) => [contract.name, contract] as const)

function typesOf(contract: Contract): readonly ErrorType[] {
  return errorTypes(contract, describeContract(contract, { nowMs: EXAMPLE_NOW_MS })).errors
}

function written(contract: Contract, target: TypeTarget): string {
  const result = writeTypes(contract, describeContract(contract, { nowMs: EXAMPLE_NOW_MS }), target)
  if (result.kind !== 'written') throw new Error(result.message)
  return result.text
}

describe('declarations of TypeScript', () => {
  it('compile, take every example, and refuse what the contract does not say', () => {
    for (const [name, contract] of contracts) {
      const { errors, allName } = errorTypes(contract, describeContract(contract, { nowMs: EXAMPLE_NOW_MS }))
      const lines = errors.flatMap(({ name: type, entry, example, schema }, at) => [
        `export const body${at}: types.${type}Body = ${JSON.stringify(example)}`,
        `export const rules${at}: readonly [${JSON.stringify(entry.id)}, ${JSON.stringify(entry.retry)}, ${entry.status}] = [e${at}.entry, e${at}.retry, e${at}.status]`,
        ...(schema.type === 'object' && (schema.required ?? []).length > 0 ? [`// @ts-expect-error what is required is missing\nexport const wrong${at}: types.${type}Body = {}`] : []),
      ])
      const declared = errors.map(({ name: type }, at) => `declare const e${at}: types.${type}`)
      writeFileSync(join(folder, `${name}.ts`), written(contract, 'typescript'))
      writeFileSync(join(folder, `${name}.use.ts`), `import type * as types from './${name}.ts'\n${[...declared, ...lines].join('\n')}\nexport function entryOf(error: types.${allName}): string {\n  return error.entry\n}\n`)
    }
    writeFileSync(join(folder, 'narrow.ts'), `import type { ChatadsError, ChatadsErrorOf } from './chatads.ts'
export function waitOf(error: ChatadsError): number | undefined {
  switch (error.code) {
    case 'RATE_LIMIT_EXCEEDED':
      return error.details.retry_after
    case 'DAILY_QUOTA_EXCEEDED': {
      const never: 'never' = error.retry
      const limit: number | undefined = error.details.daily_limit
      // @ts-expect-error another error has it
      void error.details.retry_after
      return never === 'never' ? limit : 0
    }
    // @ts-expect-error no error has this code
    case 'DAYLY_QUOTA_EXCEEDED':
      return 0
    default:
      return undefined
  }
}
export const status = (error: ChatadsErrorOf<'INVALID_INPUT'>): 400 | 404 | 405 => error.status
`)
    const options = { target: 'es2023', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noUnusedLocals: true, verbatimModuleSyntax: true, isolatedModules: true, erasableSyntaxOnly: true, noEmit: true, allowImportingTsExtensions: true, types: [], skipLibCheck: true }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['./*.ts'] }))
    expect(compiled()).toBe('')
  })

  function compiled(): string {
    try {
      return execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: folder, encoding: 'utf8' })
    } catch (error) {
      return String((error as { readonly stdout?: unknown }).stdout)
    }
  }

  it('say nothing that runs', () => {
    for (const [, contract] of contracts) expect(written(contract, 'typescript')).not.toMatch(/^(?!export (?:interface|type) |\/?[ *}|]|$)/m)
  })
})

describe.each(contracts)('Zod, for %s', (name, contract) => {
  it('takes every example, and refuses each that was changed', async () => {
    const file = join(folder, `${name}.zod.ts`)
    writeFileSync(file, written(contract, 'zod'))
    const module = (await import(/* @vite-ignore */ file)) as { readonly [name: string]: z.ZodType }
    const { errors, allName } = errorTypes(contract, describeContract(contract, { nowMs: EXAMPLE_NOW_MS }))
    for (const { name: type, example: value, schema } of errors) {
      const parsed = module[type]?.safeParse(value)
      expect({ type, parsed: parsed?.data, error: parsed?.error }).toEqual({ type, parsed: value, error: undefined })
      expect(module[allName]?.safeParse(value).success).toBe(true)
      for (const mutant of mutantsOf(value, schema)) expect({ type, mutant, taken: module[type]?.safeParse(mutant).success }).toEqual({ type, mutant, taken: false })
      // An API may say more tomorrow.
      const more = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, more: 1 } : value
      expect(module[type]?.safeParse(more).data).toEqual(more)
    }
    const table = Object.values(module).find((each) => !(each instanceof z.ZodType)) as unknown as Record<string, { readonly retry: string }>
    expect(Object.entries(table).map(([id, { retry }]) => [id, retry])).toEqual([...contract.entries.values()].map(({ id, retry }) => [id, retry]))
  })
})

describe.each(isProving ? contracts : contracts.slice(0, 6))('JSON Schema, for %s', (_, contract) => {
  it('takes every example, and refuses each that was changed', () => {
    const document = JSON.parse(written(contract, 'json-schema')) as { readonly $id: string; readonly $schema: string; readonly $defs: Record<string, object> }
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, ownProperties: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT/ } })
    ajv.addSchema(document)
    expect(Object.keys(document.$defs)).toEqual(typesOf(contract).map(({ name }) => name))
    for (const { name, example: value, schema } of typesOf(contract)) {
      const check = ajv.getSchema(`${document.$id}#/$defs/${name}`)
      expect([name, check?.(value), check?.errors]).toEqual([name, true, null])
      expect(ajv.validate(document.$id, value)).toBe(true)
      for (const mutant of mutantsOf(value, schema)) expect(`${name} takes ${JSON.stringify(mutant)}: ${check?.(mutant)}`).toBe(`${name} takes ${JSON.stringify(mutant)}: false`)
    }
  })
})

describe('names', () => {
  it('are unique, whatever the ids are, and stay the same', () => {
    const names = typesOf(hostileContract).map(({ name }) => name)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(hostileIds.length + 1)
    expect(names.filter((name) => !/^[A-Z][A-Za-z\d]*Error$/.test(name))).toEqual([])
    expect(typesOf(hostileContract).map(({ name }) => name)).toEqual(names)
  })

  it('of all errors gives way to an entry that is called so', () => {
    expect(errorTypes(hostileContract, describeContract(hostileContract, { nowMs: EXAMPLE_NOW_MS })).allName).toBe('HostileApiError')
    expect(errorTypes(chatads as unknown as Contract, describeContract(chatads as unknown as Contract, { nowMs: EXAMPLE_NOW_MS })).allName).toBe('ChatadsError')
  })
})

it('a contract of XML has no module for Python, and says so', () => {
  const xml = defineContract({ ...hostileContract.declaration, name: 'xml', title: 'XML', envelope: { error: { Error: { Code: '$code', Message: '$message' } }, contentType: 'application/xml' }, entries: { failed: hostileContract.declaration.entries['failed'] } } as ContractDeclaration) as Contract
  expect(writeTypes(xml, describeContract(xml, { nowMs: EXAMPLE_NOW_MS }), 'python')).toMatchObject({ kind: 'refused', message: expect.stringContaining('answers in XML') })
})
