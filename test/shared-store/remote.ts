/**
 * A server elsewhere, for tests: texts under keys, each with a version; logs that number their entries in the order of commits; a clock of its own that never goes back.
 * Nothing but text crosses over, and each way takes some turns, so that writers overtake each other.
 */

export interface Cell {
  readonly text: string | undefined
  /** Of the commit that wrote it; 0: none did. */
  readonly version: number
}

export interface Entry {
  readonly number: number
  readonly text: string
}

export interface Commit {
  /** Fails where another version stands under one of these by now. */
  readonly read: ReadonlyMap<string, number>
  readonly write: ReadonlyMap<string, string | undefined>
  readonly append: readonly { readonly log: string; readonly text: string }[]
  /** The server's time has come at least this far. */
  readonly atMs: number
}

/** The answer to a commit never came: it took effect, or it did not. */
export class ConnectionLost extends Error {}

export interface Remote {
  read(keys: readonly string[]): Promise<{ readonly cells: readonly Cell[]; readonly nowMs: number }>
  /** In the order in which the keys were first written. */
  scan(prefix: string): Promise<readonly (Cell & { readonly key: string; readonly text: string })[]>
  entries(log: string): Promise<readonly Entry[]>
  /** False: a conflict, and nothing has changed. */
  commit(commit: Commit): Promise<boolean>
  /** Commits that met another version than they had read. */
  conflicts(): number
}

/** `loses`: of how many commits one loses its answer. */
export function createRemote(clock: { wallMs(): number }, { seed = 1, loses = Infinity } = {}): Remote {
  const cells = new Map<string, Cell & { readonly text: string }>()
  /** Also of what was deleted: it may not pass for what never was. */
  const versions = new Map<string, number>()
  const logs = new Map<string, Entry[]>()
  let commits = 0
  let conflicts = 0
  let highWaterMs = 0
  let state = seed

  /** xorshift32 */
  function random(below: number): number {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }

  async function onTheWay(): Promise<void> {
    for (let turns = random(6); turns > 0; turns -= 1) await Promise.resolve()
  }

  const nowMs = (): number => Math.max(highWaterMs, clock.wallMs())
  const cellOf = (key: string): Cell => cells.get(key) ?? { text: undefined, version: versions.get(key) ?? 0 }

  function apply({ read, write, append, atMs }: Commit): boolean {
    for (const [key, version] of read) {
      if (cellOf(key).version === version) continue
      conflicts += 1
      return false
    }
    if (write.size + append.length > 0) {
      commits += 1
      highWaterMs = Math.max(highWaterMs, atMs)
    }
    for (const [key, text] of write) {
      versions.set(key, commits)
      if (text === undefined) cells.delete(key)
      else cells.set(key, { text, version: commits })
    }
    for (const { log, text } of append) {
      const entries = logs.get(log) ?? []
      logs.set(log, entries)
      entries.push({ number: entries.length + 1, text })
    }
    return true
  }

  return {
    async read(keys) {
      await onTheWay()
      const answer = { cells: keys.map(cellOf), nowMs: nowMs() }
      await onTheWay()
      return answer
    },
    async scan(prefix) {
      await onTheWay()
      const answer = [...cells].flatMap(([key, cell]) => (key.startsWith(prefix) ? [{ key, ...cell }] : []))
      await onTheWay()
      return answer
    },
    async entries(log) {
      await onTheWay()
      return [...(logs.get(log) ?? [])]
    },
    async commit(commit) {
      await onTheWay()
      const isLost = loses !== Infinity && random(loses) === 0
      if (isLost && random(2) === 0) throw new ConnectionLost('before it arrived')
      const done = apply(commit)
      await onTheWay()
      if (isLost) throw new ConnectionLost('after it arrived')
      return done
    },
    conflicts: () => conflicts,
  }
}
