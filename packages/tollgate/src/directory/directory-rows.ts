/** Rows of the directory in the store: written with a version, changed again where another write came between, listed by pages. */
import { applyDocument, type Documents } from './documents.ts'

/** On what a write depends. */
export interface PutOptions {
  /** The version that must stand there, 0 for none. Left out: whatever stands there is replaced. */
  readonly expect?: number
}

/** Whether a write was made, and the version that stands there. */
export interface PutOutcome {
  /** False: another version stands there (or the key's id is taken by another secret, or its secret by another key), and nothing changed. */
  readonly written: boolean
  /** The version that stands there now, 0 for none. */
  readonly version: number
}

/** One page of a list in order of id. */
export interface PageOptions {
  /** The id after which to go on. */
  readonly after?: string | undefined
  /** Default 100. */
  readonly limit?: number
}

const PAGE_MAX = 100
/** Attempts of a read-change-write before it gives up: so many writers at one row are a fault. */
export const UPDATE_TRIES = 100

/** What a change became; undefined: there is nothing to change after all. */
interface Changed<T> {
  readonly written: boolean
  readonly next: T | undefined
}

export interface DirectoryRows {
  readonly store: Documents
  put(collection: string, id: string, value: unknown, options: PutOptions & { readonly parent?: string }): Promise<PutOutcome>
  delete(collection: string, id: string): Promise<unknown>
  /** Reads past any cache: the version must be the one that stands there. `fresh`: what is changed where nothing stands. */
  update<T>(collection: string, id: string, write: (current: T, expect: number) => Promise<Changed<T>>, fresh?: T): Promise<T | undefined>
  list<T>(collection: string, options: PageOptions & { readonly parent?: string | undefined }): Promise<readonly T[]>
  /** All that have this parent. */
  listOf<T>(collection: string, parent: string, idOf: (value: T) => string): Promise<readonly T[]>
  /** All that documents of the collection have. */
  parents(collection: string): Promise<readonly string[]>
}

export function createDirectoryRows(store: Documents): DirectoryRows {
  async function list<T>(collection: string, { after, limit = PAGE_MAX, parent }: PageOptions & { readonly parent?: string | undefined }): Promise<readonly T[]> {
    const documents = await store.list(collection, { parent, after, limit })
    return documents.map(({ value }) => value as T)
  }

  return {
    store,
    async put(collection, id, value, options) {
      const { written, document } = await applyDocument(store, { kind: 'put', collection, id, value, ...options })
      return { written, version: document?.version ?? 0 }
    },
    delete: (collection, id) => applyDocument(store, { kind: 'delete', collection, id }),
    async update<T>(collection: string, id: string, write: (current: T, expect: number) => Promise<Changed<T>>, fresh?: T) {
      for (let tries = 0; tries < UPDATE_TRIES; tries += 1) {
        const document = await store.get(collection, id)
        const current = document === undefined ? fresh : (document.value as T)
        if (current === undefined) return undefined
        const { written, next } = await write(current, document?.version ?? 0)
        if (written) return next
      }
      throw crowded(collection, id)
    },
    list,
    async listOf<T>(collection: string, parent: string, idOf: (value: T) => string) {
      const found: T[] = []
      for (;;) {
        const last = found.at(-1)
        const page = await list<T>(collection, { parent, limit: PAGE_MAX, after: last === undefined ? undefined : idOf(last) })
        found.push(...page)
        if (page.length < PAGE_MAX) return found
      }
    },
    async parents(collection) {
      const found: string[] = []
      for (;;) {
        const page = await store.parents(collection, { after: found.at(-1), limit: PAGE_MAX })
        found.push(...page)
        if (page.length < PAGE_MAX) return found
      }
    },
  }
}

export function crowded(collection: string, id: string): Error {
  return new Error(`${collection} ${id} changed under each of ${UPDATE_TRIES} attempts to write it`)
}
