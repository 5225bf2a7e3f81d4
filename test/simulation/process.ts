/** The program without its sockets: gate, call API and sweeper over the store that lies on the simulated disk. */
import { createHash } from 'node:crypto'
import { createDirectory, type Directory } from 'tollgate/directory'
import type { Store } from 'tollgate/stores'
import { createGate, type GateOptions, type IncomingCall } from 'tollgate/gate'
import { createCallApi, type CallApi } from 'tollgate/settling'
import { createResidentStore, openingQuestion, type Disk, type ResidentStore, type ResidentStoreOptions } from 'tollgate/stores/sqlite'
import type { GatewayConfig } from '../../packages/gateway/src/config/gateway-config.ts'
import { startSweeping } from '../../packages/gateway/src/program/sweeping.ts'
import type { Asked } from '../chaos/caller.ts'
import type { Life } from './life.ts'
import { createPassage, toReply, type Handle, type Passage } from './passage.ts'

export interface SimulatedProcess {
  readonly life: Life
  readonly store: Store
  readonly directory: Directory
  readonly callApi: CallApi
  ask(asked: Asked): Passage
  close(): Promise<void>
}

export interface ProcessOptions {
  readonly life: Life
  readonly disk: Disk
  readonly config: Pick<GatewayConfig, 'apis' | 'fallback'>
  readonly randomBytes: (count: number) => Uint8Array
  readonly handle: Handle
  /** Puts a fault into the store. */
  readonly plant?: ((store: Store) => Store) | undefined
  readonly alert: NonNullable<GateOptions['alert']>
}

export const CALLS_URL = 'http://127.0.0.1/calls'
const SECRET = 'a secret of more than thirty-two characters'
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Resolves when what was due while it was dead is resolved, as the program does before it takes requests. */
export async function startProcess({ life, disk, config, randomBytes, handle, plant = (store) => store, alert }: ProcessOptions): Promise<SimulatedProcess> {
  const { clock } = life
  const resident = await openStore(disk, { clock, schedule: (run) => void clock.after(0, run), alert: ({ kind, message }) => life.isDead || alert({ kind, message }) })
  const store = plant(stepped(resident, life))
  const directory = createDirectory({ store, clock, sha256Hex })
  const stopSweeping = await startSweeping({ store, clock, alert: ({ kind, message }) => life.isDead || alert({ kind, message }) })
  const shared = { store, clock, sha256Hex, alert }
  const gate = createGate({ ...shared, apis: config.apis, fallback: config.fallback, directory, randomBytes, calls: { url: () => CALLS_URL, secret: SECRET } })

  function ask(asked: Asked): Passage {
    const verdict = Promise.resolve(gate.begin(toCall(asked)))
    let passage: Passage | undefined
    let isGone = false
    const reply = verdict.then((given) => {
      if (life.isDead) return life.never
      if (given.kind === 'answer') return toReply(given.answer)
      passage = createPassage(given.admitted, asked, life, handle)
      if (isGone) passage.callerGone()
      return passage.reply
    })
    return {
      reply,
      callerGone() {
        isGone = true
        passage?.callerGone()
      },
    }
  }

  return {
    life,
    store,
    directory,
    callApi: createCallApi({ ...shared, secret: SECRET }),
    ask,
    async close() {
      await stopSweeping()
      await resident.close()
    },
  }
}

export function openStore(disk: Disk, options: ResidentStoreOptions): Promise<ResidentStore> {
  return new Promise((resolve, reject) =>
    disk.ask(openingQuestion(), (outcome) => (outcome.kind === 'done' ? resolve(createResidentStore(disk, outcome.value, options)) : reject(outcome.error))),
  )
}

/** Each command is three steps: before it, when it is decided, and when it may be told. */
function stepped(store: Store, life: Life): Store {
  return {
    ...store,
    async apply(commands) {
      const kinds = commands.map(({ kind }) => kind).join('+')
      try {
        life.reach(`${kinds}: before`)
        const applied = Promise.resolve(store.apply(commands))
        // Of one that dies now nobody hears.
        applied.catch(() => undefined)
        life.reach(`${kinds}: decided`)
        const results = await applied
        life.reach(`${kinds}: written`)
        return results
      } catch (error) {
        if (life.isDead) return life.never
        throw error
      }
    },
  }
}

function toCall({ method, path, headers, body }: Asked): IncomingCall {
  const bytes = new TextEncoder().encode(body ?? '')
  return {
    method,
    target: path,
    headers: Object.entries(headers).flat(),
    remoteAddress: '203.0.113.7',
    hasBody: body !== undefined,
    readBody: async (bytesMax) => (bytes.length > bytesMax ? { kind: 'too_large' } : { kind: 'complete', bytes }),
  }
}
