/** What goes wrong, one thing at a time, by chance; each says whether it went as it should. */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import type { Playground } from '@tollgate/example-playground'
import { createApiKey, mintKey } from 'tollgate/directory'
import type { Felt } from './judge.ts'
import type { Relay, WireFault } from './relay.ts'

export interface FaultWorld {
  readonly playground: Playground
  readonly relays: ReadonlyMap<string, Relay>
  /** From 0 to below 1. */
  readonly random: () => number
  readonly felt: Felt[]
  readonly wallMs: () => number
  /** From now on callers of this share give up early. */
  readonly leaving: (share: number) => void
  readonly found: (finding: string) => void
}

type Fault = (world: FaultWorld, forMs: number) => Promise<void>

const ACCOUNT = { id: 'soak', api: 'chatads', name: 'Soak', status: 'active', plan: 'pro' } as const
const PREFIX = 'cak_'

/** Of `idempotency`: the first call under a key may still be open. Of `resource`: what was to be made was not. */
const ofServices = /^(?:upstream|idempotency|resource)\.|^capacity\.overloaded$|^internal$/
/** And what a service makes in its own time may not be made yet when it is asked for. */
export const ofStanding = /^(?:upstream|idempotency|resource)\.|^capacity\.overloaded$|^internal$|^request\.invalid$/
/** A body that breaks off is none. */
const ofCallers = /^aborted$|^request\.invalid$|^(?:idempotency|resource)\./

function onWire(fault: WireFault): Fault {
  return async ({ relays, random, felt, wallMs }, forMs) => {
    const [api, relay] = [...relays][Math.floor(random() * relays.size)] ?? []
    if (relay === undefined) return
    await during(felt, { kind: `${api} ${fault}`, api, explains: ofServices }, wallMs, async () => {
      relay.suffer(fault)
      await pause(forMs)
      relay.suffer('none')
    })
  }
}

/** The whole process, as on a machine that is suspended; another one wakes it. */
const standStill: Fault = async ({ felt, wallMs }, forMs) => {
  const seconds = Math.min(3, forMs / 1_000)
  await during(felt, { kind: 'stood still', api: undefined, explains: ofStanding }, wallMs, async () => {
    spawn('sh', ['-c', `kill -STOP ${process.pid}; sleep ${seconds}; kill -CONT ${process.pid}`], { stdio: 'ignore' })
    await pause(seconds * 1_000 + 500)
  })
}

/** The thread of the database reads all of it, and whoever waits for a commit waits for that. */
const busyDisk: Fault = async ({ playground: { description, adminToken }, felt, wallMs, found }) => {
  await during(felt, { kind: 'busy disk', api: undefined, explains: ofStanding }, wallMs, async () => {
    const answer = await fetch(`${description.adminUrl}/v1/store/check`, { method: 'POST', headers: { authorization: `Bearer ${adminToken}` } })
    const text = await answer.text()
    if (!answer.ok || /"table /.test(text)) found(`the check of the database: ${answer.status} ${text.slice(0, 200)}`)
  })
}

/** A key works until it is revoked, and not from then on. */
const revokedKey: Fault = async ({ playground, wallMs, found }) => {
  const { directory } = playground.gateway
  await directory.putAccount({ ...ACCOUNT, createdAtMs: wallMs() })
  const secret = mintKey({ prefix: PREFIX, randomBytes: (count) => randomBytes(count) })
  const key = createApiKey({ id: `soak_${randomBytes(6).toString('hex')}`, api: ACCOUNT.api, accountId: ACCOUNT.id, secret, prefix: PREFIX, sha256Hex, nowMs: wallMs() })
  await directory.putKey(key)
  const before = await ask(playground, secret)
  await directory.updateKey(key.id, (row) => ({ ...row, status: 'revoked', revokedAtMs: wallMs() }))
  const after = await ask(playground, secret)
  if (before === 401 || before === 403) found(`a new key was refused: ${before}`)
  if (after !== 401 && after !== 403) found(`a revoked key was let in: ${after}`)
}

const changedPlan: Fault = async ({ playground, wallMs, random, found }) => {
  const { directory } = playground.gateway
  await directory.putAccount({ ...ACCOUNT, createdAtMs: wallMs() })
  const plan = ['free', 'starter', 'pro'][Math.floor(random() * 3)] ?? 'pro'
  await directory.updateAccount(ACCOUNT.id, (account) => ({ ...account, plan }))
  if ((await directory.account(ACCOUNT.id))?.plan !== plan) found(`the plan ${plan} was not kept`)
}

const reload: Fault = async ({ playground, found }) => {
  const outcome = await playground.gateway.reload()
  if (!outcome.ok) found(`a reload of the same files was refused: ${JSON.stringify(outcome.problems).slice(0, 300)}`)
}

const goneCallers: Fault = async ({ leaving, felt, wallMs }, forMs) => {
  await during(felt, { kind: 'callers gone', api: undefined, explains: ofCallers }, wallMs, async () => {
    leaving(0.5)
    await pause(forMs)
    leaving(0)
  })
}

export const faults: { readonly [name: string]: Fault } = {
  'a service down': onWire('down'),
  'a slow service': onWire('slow'),
  'cut answers': onWire('cut'),
  'callers gone': goneCallers,
  'standing still': standStill,
  'a busy disk': busyDisk,
  'a key revoked': revokedKey,
  'a plan changed': changedPlan,
  'a reload': reload,
}

/** The interval stays open until it is over. */
async function during(felt: Felt[], about: Pick<Felt, 'kind' | 'api' | 'explains'>, wallMs: () => number, run: () => Promise<void>): Promise<void> {
  const fault: Felt = { ...about, fromMs: wallMs(), untilMs: Infinity }
  felt.push(fault)
  try {
    await run()
  } finally {
    fault.untilMs = wallMs()
  }
}

async function ask({ url }: Playground, secret: string): Promise<number> {
  const answer = await fetch(`${url}/chatads/v1/chatads/messages`, { method: 'POST', headers: { 'x-api-key': secret, 'content-type': 'application/json' }, body: '{"message":"hello"}' })
  await answer.arrayBuffer()
  return answer.status
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}
