/** A plan file → a plan for its contract, or every problem that it has, with place, value and mend. */
import { resolve, dirname } from 'node:path'
import { serverReasons, type Contract } from 'tollgate/contract'
import type { ConfigProblem, Outcome, Path } from '../../config/read/config-problem.ts'
import { fillPlaceholders, type Environment } from '../../config/read/environment.ts'
import { createFiles, readText, shownPath, type Files } from '../../config/read/files.ts'
import { isGroup } from '../../config/read/group.ts'
import { toProblems } from '../../config/read/shape-problem.ts'
import { suggestion } from '../../config/read/suggestion.ts'
import { unusableNames } from '../../config/read/unusable-names.ts'
import { parseYamlSource } from '../../config/read/yaml-source.ts'
import { jsonOf, type FormPart, type ProbeBody, type ProbeRequest } from '../probe-request.ts'
import type { Risk } from '../probe.ts'
import { credentialStates, type CheckPlan, type KeyPlace, type CredentialState, type PlannedCall, type PlannedCredential, type PlannedRefusal, type PlannedStep, type UsageReading } from './check-plan.ts'
import { planShape, type PlanShape } from './plan-shape.ts'
import { faultsOf } from './sample-schema.ts'

export interface PlanContext {
  readonly contract: Contract
  readonly env: Environment
  readonly cwd: string
  /** Given beside the plan: `--key expired=…`. */
  readonly keys: { readonly [name: string]: string }
  /** Where the plan does not say where credentials are sent. */
  readonly place: KeyPlace | undefined
}

type Tell = (path: Path, message: string) => void
type CallShape = NonNullable<PlanShape['calls']>[string]
type StepShape = NonNullable<NonNullable<PlanShape['refusals']>[string]['before']>[number]

export function loadPlan(file: string, context: PlanContext): Outcome<CheckPlan> {
  const path = resolve(context.cwd, file)
  const shown = shownPath(path)
  const read = readText(path)
  if (!read.ok) return { ok: false, problems: [{ path: [], file: shown, message: `cannot be read: ${read.message}` }] }
  const parsed = parseYamlSource(read.text)
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map((problem) => ({ file: shown, ...problem })) }
  const { data, locate } = parsed.value
  const outcome = checkPlanData(data, context, dirname(path))
  if (outcome.ok) return outcome
  const placed = outcome.problems.map((problem) => ({ file: shown, ...problem, ...locate(problem.path) }))
  return { ok: false, problems: placed.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)) }
}

/** The same of what a file says. `folder`: what the files that it names are relative to. */
export function checkPlanData(data: unknown, context: PlanContext, folder: string): Outcome<CheckPlan> {
  const filled = fillPlaceholders(data, context.env)
  const unusable = unusableNames(data)
  const parsed = planShape.safeParse(filled.data)
  // What nothing fills is wrong in no other way.
  const unfilled = new Set(filled.problems.map(({ path }) => path.join('.')))
  const faults = [...filled.problems, ...unusable, ...(parsed.success ? [] : toProblems(parsed.error.issues, data).filter(({ path }) => !unfilled.has(path.join('.'))))]
  if (!parsed.success || faults.length > 0) return { ok: false, problems: faults }
  const problems: ConfigProblem[] = []
  const value = toPlan(parsed.data, context, createFiles(folder), (path, message) => void problems.push({ path, message }))
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems }
}

function toPlan(shape: PlanShape, context: PlanContext, files: Files, tell: Tell): CheckPlan {
  const place = shape.auth === undefined ? (context.place ?? { header: 'Authorization', scheme: 'Bearer' }) : { header: shape.auth.header, scheme: shape.auth.scheme }
  const credentials = toCredentials(shape, context, place)
  const names = credentials.map(({ name }) => name)
  const first = credentials.find(({ state }) => state === 'valid')?.name
  const known = (name: string, path: Path): string => {
    if (!names.includes(name)) tell(path, `no credential is called "${name}"${suggestion(name, names)}`)
    return name
  }
  const use = (written: string | false | undefined, path: Path): string | undefined => (written === false ? undefined : written === undefined ? first : known(written, path))
  const calls = Object.entries(shape.calls ?? {}).map(([name, call]) => toCall(name, call, context, files, { known, use }, tell))

  const callNamed = (name: string, path: Path): PlannedCall | undefined => {
    const found = calls.find((each) => each.name === name)
    if (found === undefined) tell(path, `no call is called "${name}"${suggestion(name, calls.map((each) => each.name))}`)
    return found
  }
  const requestIn = (step: StepShape, path: Path): { readonly request: ProbeRequest; readonly credential: string | undefined; readonly call: PlannedCall | undefined } => {
    const call = step.call === undefined ? undefined : callNamed(step.call, [...path, 'call'])
    if (step.call === undefined && step.request === undefined) tell(path, 'says no request; write call: NAME, or request: GET /v1/things')
    const request = step.request === undefined ? mergedInto(call?.request, step) : toRequest({ ...step, request: step.request })
    return { request, credential: step.with === undefined && call !== undefined ? call.credential : use(step.with, [...path, 'with']), call }
  }
  const toStep = (step: StepShape, path: Path): PlannedStep => {
    const { request, credential } = requestIn(step, path)
    return { request, credential, save: step.save ?? {}, thenWaitMs: step.wait ?? 0 }
  }
  const refusals = Object.entries(shape.refusals ?? {}).map(([name, refusal]): PlannedRefusal => {
    const path: Path = ['refusals', name]
    const { request, credential, call } = requestIn(refusal, path)
    if (refusal.repeat !== undefined && refusal.together !== undefined) tell([...path, 'together'], 'cannot be said beside repeat; choose one of them')
    const before = (refusal.before ?? []).map((step, at) => toStep(step, [...path, 'before', at]))
    const times = refusal.repeat !== undefined ? { kind: 'until-refused' as const, count: refusal.repeat } : refusal.together === undefined ? ('once' as const) : { kind: 'together' as const, count: refusal.together }
    const isRisky = before.some((step) => !isSafe(step.request)) || (times !== 'once' && !isSafe(request))
    return { name, before, request, credential, times, expect: expectedIn(refusal.expect, context.contract, [...path, 'expect'], tell), risks: refusal.may ?? (isRisky ? (call?.risks ?? defaultRisks(request, before)) : times === 'once' ? [] : ['lock']) }
  })
  const usage = (shape.usage ?? []).map((reading, at): UsageReading => {
    const path: Path = ['usage', at]
    const { request, credential } = requestIn({ call: reading.call, request: reading.request, with: reading.with } as StepShape, path)
    const [paths, headers] = [[reading.at ?? []].flat(), [reading.header ?? []].flat()]
    if (paths.length + headers.length === 0) tell(path, 'says nowhere what is read; write at: data.balance, or header: X-Credits-Left')
    return { request, credential, at: paths, headers }
  })
  return { credentials, calls, refusals, usage }
}

function toCredentials({ credentials = {} }: PlanShape, { keys }: PlanContext, place: KeyPlace): readonly PlannedCredential[] {
  const stateOf = (name: string): CredentialState => (Object.hasOwn(credentialStates, name) ? (name as CredentialState) : 'special')
  const planned = Object.entries(credentials).map(([name, written]): PlannedCredential => {
    const { key, is, header, scheme } = typeof written === 'string' ? { key: written, is: undefined, header: undefined, scheme: undefined } : written
    return { name, key: keys[name] ?? key, state: is ?? stateOf(name), place: header === undefined ? { ...place, scheme: scheme ?? place.scheme } : { header, scheme } }
  })
  const beside = Object.entries(keys).filter(([name]) => !Object.hasOwn(credentials, name))
  return [...planned, ...beside.map(([name, key]) => ({ name, key, state: stateOf(name), place }))]
}

interface Names {
  readonly known: (name: string, path: Path) => string
  readonly use: (written: string | false | undefined, path: Path) => string | undefined
}

function toCall(name: string, call: CallShape, { contract }: PlanContext, files: Files, { known, use }: Names, tell: Tell): PlannedCall {
  const path: Path = ['calls', name]
  const written = toRequest(call)
  const params = [...written.path.matchAll(/(?<!\{)\{(\w+)\}(?!\})/g)].map(([, param = '']) => param)
  for (const param of Object.keys({ ...call.params, ...call.unknown })) if (!params.includes(param)) tell([...path, 'params', param], `the path has no {${param}}${suggestion(param, params)}`)
  const schema = schemaOf(call.schema, files, [...path, 'schema'], tell)
  const body = written.body.kind === 'text' ? jsonOf(written.body.text) : undefined
  if (call.schema !== undefined && body === undefined) tell([...path, 'body'], 'is missing; write a body that the schema takes')
  const faults = schema === undefined ? [] : faultsOf(schema, schema, body)
  const many = (list: readonly string[] | undefined, at: string): readonly string[] => (list ?? []).map((each, index) => known(each, [...path, at, index]))
  const limits = (['limits', 'together'] as const).flatMap((kind) =>
    (call[kind] ?? []).map((limit, at) => ({ kind: kind === 'limits' ? ('row' as const) : ('together' as const), credential: known(limit.with, [...path, kind, at, 'with']), requests: limit.requests, expect: expectedIn(limit.expect, contract, [...path, kind, at, 'expect'], tell) })),
  )
  const succeeds = params.every((param) => call.params?.[param] !== undefined)
  const unknownIdPath = params.length === 0 ? undefined : fillParams(written.path, Object.fromEntries(params.map((param) => [param, call.unknown?.[param] ?? unknownLike(call.params?.[param])])))
  return {
    name,
    request: { ...written, path: succeeds ? fillParams(written.path, call.params) : (unknownIdPath ?? written.path) },
    credential: use(call.with, [...path, 'with']),
    risks: call.may ?? defaultRisks(written, []),
    succeeds,
    faults: call.fields === 'all' ? faults : (['missing', 'type', 'range'] as const).flatMap((kind) => faults.find((fault) => fault.kind === kind) ?? []),
    unknownIdPath,
    bodyBytesMax: call.bodyMax,
    idempotencyHeader: call.idempotencyKey === false ? undefined : (call.idempotencyKey ?? (written.method === 'POST' ? contract.declaration.idempotencyKey : undefined)),
    lackScope: many(call.lackScope, 'lackScope'),
    lackCredit: many(call.lackCredit, 'lackCredit'),
    limits,
  }
}

function schemaOf(written: CallShape['schema'], files: Files, path: Path, tell: Tell): unknown {
  if (typeof written !== 'string') return written
  const read = files.read(written)
  if (!read.ok) tell(path, read.message)
  return read.ok ? read.source.data : undefined
}

function fillParams(path: string, params: { readonly [name: string]: string } = {}): string {
  return path.replaceAll(/(?<!\{)\{(\w+)\}(?!\})/g, (whole, name: string) => (Object.hasOwn(params, name) ? (params[name] ?? whole) : whole))
}

/** Of the same form as one that there is: each digit a zero, each letter behind the first word an a. */
export function unknownLike(id: string | undefined): string {
  if (id === undefined) return 'tollgate-check-unknown'
  const [, prefix = '', rest = ''] = /^([A-Za-z]+[_-])?(.*)$/s.exec(id) ?? []
  return prefix + rest.replaceAll(/\d/g, '0').replaceAll(/[a-f]/g, 'a').replaceAll(/[g-z]/g, 'z').replaceAll(/[A-Z]/g, 'A')
}

/** A method that changes nothing (RFC 9110 section 9.2.1). */
export function isSafe({ method }: Pick<ProbeRequest, 'method'>): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'PROPFIND'].includes(method)
}

export function defaultRisks(request: ProbeRequest, before: readonly { readonly request: ProbeRequest }[]): readonly Risk[] {
  return [request, ...before.map((step) => step.request)].every(isSafe) ? [] : ['create', 'cost']
}

type RequestShape = Pick<CallShape, 'headers' | 'body' | 'text' | 'form'> & { readonly request: string }

function toRequest({ request, headers = {}, ...written }: RequestShape): ProbeRequest {
  const [method = '', path = ''] = request.split(' ')
  const body = toBody(written)
  const type = body.kind === 'text' && written.text === undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type') ? [['Content-Type', 'application/json'] as const] : []
  return { method, path, headers: [...type, ...Object.entries(headers)], body }
}

function toBody({ body, text, form }: Omit<RequestShape, 'request' | 'headers'>): ProbeBody {
  if (form !== undefined) return { kind: 'form', parts: form.map(toPart) }
  const written = text ?? (body === undefined ? undefined : JSON.stringify(body))
  return written === undefined ? { kind: 'none' } : { kind: 'text', text: written }
}

function toPart(part: NonNullable<RequestShape['form']>[number]): FormPart {
  const { value } = part as { readonly value?: string }
  if (value !== undefined) return { kind: 'text', name: part.name, value }
  const { filename, type, text = '', base64, zeros = 0 } = part as Extract<typeof part, { filename: string }>
  return { kind: 'file', name: part.name, filename, type, base64: base64 ?? Buffer.from(text).toString('base64'), zeros }
}

/** A call with other headers, and what is said of its body in it. */
function mergedInto(request: ProbeRequest | undefined, step: StepShape): ProbeRequest {
  const base = request ?? { method: 'GET', path: '/', headers: [], body: { kind: 'none' } }
  const own = Object.entries(step.headers ?? {})
  const headers = [...base.headers.filter(([name]) => !own.some(([each]) => each.toLowerCase() === name.toLowerCase())), ...own]
  if (step.text !== undefined || step.form !== undefined) return { ...base, headers, body: toBody(step) }
  if (step.body === undefined) return { ...base, headers }
  return { ...base, headers, body: { kind: 'text', text: JSON.stringify(merged(base.body.kind === 'text' ? jsonOf(base.body.text) : undefined, step.body)) } }
}

/** Objects are merged, anything else is replaced. */
function merged(into: unknown, value: unknown): unknown {
  if (!isGroup(into) || !isGroup(value)) return value
  return { ...into, ...Object.fromEntries(Object.entries(value).map(([name, member]) => [name, merged(into[name], member)])) }
}

/** Entries, under whatever name. */
function expectedIn(written: string | readonly string[] | undefined, contract: Contract, path: Path, tell: Tell): readonly string[] {
  return [written ?? []].flat().flatMap((each) => {
    const found = entriesNamed(contract, each)
    if (found.length === 0) tell(path, `"${each}" is no entry, code or reason of ${contract.name}${suggestion(each, [...contract.entries.keys()])}`)
    return found
  })
}

/** By entry, code or reason. */
export function entriesNamed(contract: Contract, name: string): readonly string[] {
  if (contract.entries.has(name)) return [name]
  const byCode = [...contract.entries.values()].filter(({ code }) => code !== '' && String(code) === name).map(({ id }) => id)
  if (byCode.length > 0) return byCode
  const reason = serverReasons.find((each) => each === name)
  if (reason === undefined) return []
  const own = [...contract.entries.values()].filter((entry) => entry.reason === reason).map(({ id }) => id)
  return own.length > 0 ? own : [contract.entryFor(reason, {}).id]
}
