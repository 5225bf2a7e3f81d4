/**
 * All image tasks, in the order in which they were made. One that is older than thirty days is deleted, and its tombstone stays: so its owner
 * learns that it has expired, and everybody else, as before, that there is no such task.
 *
 * Tombstones of earlier runs lie in a folder, one file each, and are looked up when they are asked for.
 */
import { readFile } from 'node:fs/promises'
import { fieldsOf } from '@tollgate/example-parts/json-fields'
import type { ImageTask } from './image-task.ts'

const KEEP_MS = 30 * 24 * 60 * 60 * 1000

/** The oldest go first; then their tasks are unknown. */
const TOMBSTONES_MAX = 100_000

export type Found = { readonly is: 'here'; readonly task: ImageTask } | { readonly is: 'expired' | 'unknown' }

export interface ImageTasks {
  add(task: ImageTask): void
  /** Rejects where a tombstone on disk is damaged. */
  find(account: string, id: string): Promise<Found>
  /** For whoever holds the address of an image: ids cannot be guessed. */
  findAny(id: string): ImageTask | undefined
}

interface Tombstone {
  readonly owner: string
  readonly createdAtMs: number
}

/** `deleted`: the folder of tombstones, with a slash at its end. */
export function createImageTasks(wallMs: () => number, deleted: URL): ImageTasks {
  const tasks = new Map<string, ImageTask>()
  const tombstones = new Map<string, Tombstone>()
  const isOld = (createdAtMs: number) => wallMs() - createdAtMs > KEEP_MS

  function bury(): void {
    for (const [id, { account, createdAtMs }] of tasks) {
      if (!isOld(createdAtMs)) return
      tasks.delete(id)
      tombstones.set(id, { owner: account, createdAtMs })
      const [oldest] = tombstones.keys()
      if (tombstones.size > TOMBSTONES_MAX && oldest !== undefined) tombstones.delete(oldest)
    }
  }

  function findAny(id: string): ImageTask | undefined {
    bury()
    return tasks.get(id)
  }

  return {
    add(task) {
      bury()
      tasks.set(task.id, task)
    },
    findAny,
    async find(account, id) {
      const task = findAny(id)
      if (task !== undefined) return task.account === account ? { is: 'here', task } : { is: 'unknown' }
      const tombstone = tombstones.get(id) ?? (await readTombstone(deleted, id))
      return { is: tombstone?.owner === account && isOld(tombstone.createdAtMs) ? 'expired' : 'unknown' }
    },
  }
}

async function readTombstone(folder: URL, id: string): Promise<Tombstone | undefined> {
  if (!/^img_[\da-f]{32}$/.test(id)) return undefined
  const text = await readFile(new URL(`${id}.json`, folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : parseTombstone(text, id)
}

/** `{"id":"img_…","owner":"…","createdAt":"2026-09-01T08:00:00Z"}`. Throws on anything else: to take it for absent would be a guess. */
function parseTombstone(text: string, id: string): Tombstone {
  try {
    const fields = fieldsOf(JSON.parse(text))
    const [owner, createdAt] = [fields?.get('owner'), fields?.get('createdAt')]
    const createdAtMs = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN
    if (fields?.get('id') === id && typeof owner === 'string' && Number.isFinite(createdAtMs)) return { owner, createdAtMs }
  } catch {
    // Told below.
  }
  throw new Error(`the tombstone of ${id} is damaged`)
}
