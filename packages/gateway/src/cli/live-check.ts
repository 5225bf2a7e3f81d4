/** `tollgate check URL --contract C`: a live API held against its contract. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CheckReport, ProbeResult } from '../check/check-report.ts'
import type { CheckRule } from '../check/judge/answer-fault.ts'
import type { KeyPlace } from '../check/plan/check-plan.ts'
import type { Risk } from '../check/probe.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { fileFault } from '../config/read/files.ts'
import { suggestion } from '../config/read/suggestion.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours, printable } from './colours.ts'
import { openContract } from './open-contract.ts'

export interface LiveCheckFlags {
  readonly contract: string
  readonly plan?: string
  readonly openapi?: string
  readonly key?: readonly string[]
  readonly keyHeader?: string
  readonly allow?: readonly string[]
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly ignore?: readonly string[]
  readonly maxRequests?: number
  readonly pace?: number
  readonly timeout?: number
  readonly dryRun?: boolean
  readonly junit?: string
  readonly json?: boolean
}

const MAX_REQUESTS = 100
const PACE_MS = 100
const TIMEOUT_MS = 15_000

export async function checkLive(address: string, flags: LiveCheckFlags, io: CliIo): Promise<void> {
  const url = urlOf(address)
  const allow = await risksOf(flags.allow ?? [])
  const ignored = await rulesOf(flags.ignore ?? [])
  const { maxRequests: requestsMax = MAX_REQUESTS, pace: paceMs = PACE_MS, timeout: timeoutMs = TIMEOUT_MS } = flags
  const contract = await openContract(flags.contract, io)
  // Loaded here: other commands need none of it.
  const [{ loadCheck }, { chooseProbes, probesOf }, { runCheck }, { readingsFor }] = await Promise.all([import('../check/load-check.ts'), import('../check/probes/plan-probes.ts'), import('../check/run-check.ts'), import('../check/usage-watch.ts')])
  const loaded = loadCheck({ contract, env: io.env, cwd: io.cwd, plan: flags.plan, openapi: flags.openapi, keys: keysOf(flags.key ?? [], io), place: placeOf(flags.keyHeader) })
  if (!loaded.ok) throw new CliFailure(2, loaded.problems.map(formatProblem).join('\n'))
  const plan = loaded.value
  const readings = (probe: Parameters<typeof readingsFor>[1]): number => 2 * readingsFor(plan, probe).length
  const planned = chooseProbes(probesOf(contract, plan), { allow, only: flags.only ?? [], skip: flags.skip ?? [], requestsMax, readings })
  if (planned.probes.length === 0 && planned.unprovoked.length === 0) throw new CliFailure(2, `no probe is left by --only ${(flags.only ?? []).join(' ')} and --skip ${(flags.skip ?? []).join(' ')}; --dry-run lists them`)
  const base = url.href.replace(/\/$/, '')
  if (flags.dryRun === true) {
    const { formatDryRun } = await import('../check/report/format-dry-run.ts')
    return io.stdout(flags.json === true ? `${JSON.stringify({ url: base, ...planned }, null, 2)}\n` : formatDryRun({ url: base, planned, requestsMax, paceMs, readings }))
  }
  const report = await run()
  await print(report, flags, io)
  if (report.verdict !== 'passed') throw new CliFailure(1, report.verdict === 'failed' ? 'the API does not answer by its contract' : `stopped: ${report.stopped}`)

  async function run(): Promise<CheckReport> {
    const { createHttpTransport } = await import('../check/http-transport.ts')
    const transport = createHttpTransport({ url, timeoutMs })
    const stop = new AbortController()
    let asked = false
    const onStop = (): void => {
      if (asked) return io.exit(1)
      asked = true
      stop.abort()
    }
    const forget = [io.onSignal('SIGINT', onStop), io.onSignal('SIGTERM', onStop)]
    const sleep = io.sleep ?? (() => Promise.resolve())
    // A pause does not outlast the wish to stop.
    const aborted = new Promise<void>((done) => stop.signal.addEventListener('abort', () => done(), { once: true }))
    try {
      return await runCheck({
        contract, plan, probes: planned.probes, unprovoked: planned.unprovoked, url: base, transport, requestsMax, paceMs,
        pause: async (ms) => (ms > 0 && !stop.signal.aborted ? Promise.race([sleep(ms), aborted]) : undefined),
        signal: stop.signal, nowMs: () => Date.now(), freshText: () => crypto.randomUUID(), allow, withoutRules: ignored,
        onProbe: (result, done, all) => showProgress(result, done, all, flags, io),
      })
    } finally {
      for (const each of forget) each()
      transport.close()
    }
  }
}

/** On a terminal the line is written over; elsewhere each failure is a line. */
function showProgress({ id, outcome, told }: ProbeResult, done: number, all: number, { json }: LiveCheckFlags, io: CliIo): void {
  if (json === true) return
  const colours = createColours(io)
  const line = printable(`${done + 1}/${all} ${id} ${told}`)
  if (outcome === 'failed') io.stderr(`${io.isTerminal ? '\r\u001b[K' : ''}${colours.red('✗')} ${line}\n`)
  else if (io.isTerminal) io.stderr(`\r\u001b[K${done + 1 === all ? '' : line.slice(0, 100)}`)
}

async function print(report: CheckReport, { json, junit }: LiveCheckFlags, io: CliIo): Promise<void> {
  if (junit !== undefined) {
    const { formatJunit } = await import('../check/report/format-junit.ts')
    try {
      writeFileSync(resolve(io.cwd, junit), formatJunit(report))
    } catch (error) {
      throw new CliFailure(1, `cannot write ${junit}: ${fileFault(error)} (--junit)`)
    }
  }
  if (json === true) return io.stdout(`${JSON.stringify(report, null, 2)}\n`)
  const { formatCheck } = await import('../check/report/format-check.ts')
  io.stdout(printable(formatCheck(report, createColours({ ...io, isTerminal: false }))))
}

function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new CliFailure(2, `"${address}" is no address of an API; write for example https://api.example.com/v1`)
  if (url.username !== '' || url.password !== '') throw new CliFailure(2, 'the address has a password in it; give credentials by --key or by the plan')
  if (url.search !== '' || url.hash !== '') throw new CliFailure(2, `"${address}" has a query or a fragment; write the address below which the API lies`)
  return url
}

async function risksOf(words: readonly string[]): Promise<readonly Risk[]> {
  const { risks } = await import('../check/probe.ts')
  const all = words.flatMap((word) => word.split(',')).map((word) => word.trim()).filter((word) => word !== '')
  if (all.includes('all')) return risks
  return all.map((word) => {
    const risk = risks.find((each) => each === word)
    if (risk === undefined) throw new CliFailure(2, `--allow takes no "${word}"${suggestion(word, [...risks, 'all'])}`)
    return risk
  })
}

async function rulesOf(words: readonly string[]): Promise<readonly CheckRule[]> {
  const { checkRules } = await import('../check/judge/answer-fault.ts')
  const known = Object.keys(checkRules) as CheckRule[]
  return words.map((word) => {
    const rule = known.find((each) => each === word)
    if (rule === undefined) throw new CliFailure(2, `--ignore: there is no rule "${word}"${suggestion(word, known)}`)
    return rule
  })
}

/** `valid=…`, or `valid`, which is read from the environment: KEY_VALID. */
function keysOf(written: readonly string[], { env }: CliIo): { readonly [name: string]: string } {
  return Object.fromEntries(
    written.map((each) => {
      const [, name, value] = /^([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(each) ?? []
      if (name === undefined) throw new CliFailure(2, '--key is written NAME=KEY, or NAME alone for the environment variable KEY_NAME: --key valid=… --key expired')
      const variable = `KEY_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).replaceAll(/\W/g, '_').toUpperCase()}`
      const key = value ?? env[variable]
      if (key === undefined || key === '') throw new CliFailure(2, value === undefined ? `--key ${name}: the environment variable ${variable} is not set` : `--key ${name}= has no key behind it`)
      return [name, key]
    }),
  )
}

/** `x-api-key`, or `Authorization: Bearer`. */
function placeOf(written: string | undefined): KeyPlace | undefined {
  if (written === undefined) return undefined
  const [, header, scheme] = /^([\w-]+)(?:: *([A-Za-z][\w-]*))?$/.exec(written) ?? []
  if (header === undefined) throw new CliFailure(2, `--key-header is "${written}"; write x-api-key, or "Authorization: Bearer"`)
  return { header, scheme }
}
