/**
 * What `tollgate openapi` writes, held against the linters of others: Redocly CLI and Spectral with their recommended rules, each without an error. They are large, so
 * that they are installed only by `npm run prove`, into a folder of their own.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { aiApi, anthropic, chatads, jogg, leaperone, nexalayer } from 'tollgate/catalog'
import type { Contract } from 'tollgate/contract'
import { describeContract, EXAMPLE_NOW_MS } from '../packages/gateway/src/docs/model/describe-contract.ts'
import { shopApi } from '../packages/gateway/src/openapi/fixtures/shop-api.ts'
import { writeOpenApi } from '../packages/gateway/src/openapi/write-open-api.ts'
import { isProving } from './runs.ts'

const folder = join(import.meta.dirname, 'openapi-linters')

function run(command: string, args: readonly string[], cwd: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 100_000_000, env: { ...process.env, NO_COLOR: '1', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } })
  return { status, said: `${error === undefined ? '' : String(error)}${stdout}${stderr}` }
}

function linter(name: 'redocly' | 'spectral', args: readonly string[], cwd: string): { readonly status: number | null; readonly said: string } {
  return run(join(folder, 'node_modules/.bin', name), args, cwd)
}

describe.runIf(isProving)('the linters of OpenAPI', () => {
  beforeAll(() => {
    if (existsSync(join(folder, 'node_modules/.bin/spectral'))) return
    const { status, said } = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
    if (status !== 0) throw new Error(said)
  })

  it('find no error in the errors of the five contracts, by themselves and in a document of others', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'tollgate-openapi-'))
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
    const write = (file: string, contract: Contract, text?: string, version?: '3.2'): string => {
      const described = describeContract(contract, { nowMs: EXAMPLE_NOW_MS })
      const result = writeOpenApi({ contract, described, version, document: text === undefined ? undefined : { text, shown: file } })
      if (result.kind !== 'written') throw new Error(JSON.stringify(result))
      writeFileSync(join(cwd, file), result.text)
      return file
    }
    const contracts = [aiApi, chatads, jogg, leaperone, nexalayer] as unknown as readonly Contract[]
    const files = contracts.flatMap((contract) => [write(`${contract.name}.yaml`, contract), write(`${contract.name}-merged.yaml`, contract, shopApi)])
    const streaming = write('anthropic-3.2.yaml', anthropic as unknown as Contract, shopApi.replace('3.1.0', '3.2.0'))
    const redocly = linter('redocly', ['lint', '--extends=recommended', '--format=summary', ...files, streaming], cwd)
    expect(redocly).toMatchObject({ status: 0 })
    expect(redocly.said).not.toMatch(/^error/m)
    // Spectral 6.16 knows no OpenAPI 3.2.
    writeFileSync(join(cwd, '.spectral.yaml'), 'extends: ["spectral:oas"]\n')
    const spectral = linter('spectral', ['lint', '--ruleset', '.spectral.yaml', '--fail-severity', 'error', ...files], cwd)
    expect(spectral).toMatchObject({ status: 0, said: expect.stringContaining('(0 errors,') })
    // Both can tell.
    writeFileSync(join(cwd, 'wrong.yaml'), shopApi.replace('          description: They are there\n', '          describtion: They are there\n'))
    expect(linter('redocly', ['lint', '--extends=recommended', 'wrong.yaml'], cwd).status).not.toBe(0)
    expect(linter('spectral', ['lint', '--ruleset', '.spectral.yaml', 'wrong.yaml'], cwd).status).not.toBe(0)
  })
})
