/** The files that accounts uploaded, each account for itself. They live as long as the service does. */
import { createHash } from 'node:crypto'
import { toInstant } from '@tollgate/example-parts/clock'
import type { FileFormat } from './file-format.ts'

export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly format: FileFormat
  readonly bytes: Buffer
  readonly createdAtMs: number
}

export const FILES_MAX = 20

export interface Files {
  /** Undefined when the account has `FILES_MAX` already. */
  add(account: string, file: Pick<StoredFile, 'name' | 'format' | 'bytes'>): StoredFile | undefined
  ofAccount(account: string): readonly StoredFile[]
  find(account: string, id: string): StoredFile | undefined
  /** False if the account has no such file. */
  remove(account: string, id: string): boolean
}

export function createFiles(wallMs: () => number, randomHex: (bytes: number) => string): Files {
  const accounts = new Map<string, Map<string, StoredFile>>()

  return {
    add(account, { name, format, bytes }) {
      const mine = accounts.get(account) ?? new Map<string, StoredFile>()
      if (mine.size >= FILES_MAX) return undefined
      const file = { id: `file_${randomHex(12)}`, name, format, bytes, createdAtMs: wallMs() }
      accounts.set(account, mine.set(file.id, file))
      return file
    },
    ofAccount: (account) => [...(accounts.get(account)?.values() ?? [])],
    find: (account, id) => accounts.get(account)?.get(id),
    remove: (account, id) => accounts.get(account)?.delete(id) ?? false,
  }
}

export function toFileView({ id, name, format, bytes, createdAtMs }: StoredFile): { readonly [name: string]: unknown } {
  return { id, name, type: format, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), created_at: toInstant(createdAtMs) }
}
