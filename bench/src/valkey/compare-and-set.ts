/**
 * The other way to count on a server that has no calendar and no engine: load the record of an account, decide here with the engine's own functions, and put it back if nobody
 * else has meanwhile; otherwise once more. As small as it can be, and by the clock of this machine: what a whole one would need besides makes it no faster.
 */
import { decodeRecord, decideStage, emptyRecord, encodeRecord, type StageDecision, type SubjectRecord, type Take } from 'tollgate/engine'

const script = `
local text = redis.call('GET', KEYS[1])
local version = text and string.match(text, '^[^ ]+') or ''
if version ~= ARGV[1] then return text or '' end
redis.call('SET', KEYS[1], ARGV[2], 'PX', 3000000000)
return 1
`

interface Waiter {
  readonly takes: readonly Take[]
  resolve(decision: StageDecision): void
  reject(error: unknown): void
}

interface Known {
  readonly version: string
  readonly record: SubjectRecord
}

const nothing: Known = { version: '', record: emptyRecord }

export function createCompareAndSet(command: (name: string, args: readonly (string | number)[]) => Promise<unknown>, gateway: number) {
  const lanes = new Map<string, Waiter[]>()
  let sha: Promise<string> | undefined
  let writes = 0

  async function load(key: string): Promise<Known> {
    return parse(await command('GET', [key]))
  }

  function parse(text: unknown): Known {
    if (typeof text !== 'string' || text === '') return nothing
    const at = text.indexOf(' ')
    const record = decodeRecord(text.slice(at + 1))
    if (record === undefined) throw new Error('unreadable')
    return { version: text.slice(0, at), record }
  }

  async function work(account: string, queue: Waiter[]): Promise<void> {
    const key = `cas:${account}`
    sha ??= command('SCRIPT', ['LOAD', script]).then(String)
    await undefined
    while (queue.length > 0) {
      const group = queue.splice(0, 128)
      try {
        let from = await load(key)
        for (;;) {
          let { record } = from
          const decisions = group.map(({ takes }) => {
            const { decision, changed } = decideStage(() => record, takes, Date.now())
            record = changed[0]?.record ?? record
            return decision
          })
          writes += 1
          const version = `${gateway}.${writes}`
          const answer = await command('EVALSHA', [await sha, 1, key, from.version, `${version} ${encodeRecord(record)}`])
          if (answer === 1) {
            for (const [at, { resolve }] of group.entries()) resolve(decisions[at] as StageDecision)
            break
          }
          from = parse(answer)
        }
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    lanes.delete(account)
  }

  return {
    admit(account: string, takes: readonly Take[]): Promise<StageDecision> {
      return new Promise((resolve, reject) => {
        const waiter = { takes, resolve, reject }
        const waiting = lanes.get(account)
        if (waiting !== undefined) return void waiting.push(waiter)
        const queue = [waiter]
        lanes.set(account, queue)
        void work(account, queue)
      })
    },
  }
}
