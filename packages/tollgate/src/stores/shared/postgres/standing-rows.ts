/** What a group has found in the tables, and by that what it must insert and what update. */
import type { Document } from '../../../directory/documents.ts'
import type { Lease } from '../../../engine/calls/lease-record.ts'
import type { SubjectRecord } from '../../../engine/meters/subject-record.ts'

export interface StandingSubject {
  readonly record: SubjectRecord
  /** Of the last row of its ledger. */
  readonly number: number
}

export class StandingRows {
  /** Undefined: it was looked for, and does not stand there. */
  readonly subjects = new Map<string, StandingSubject | undefined>()
  /** Ids. */
  readonly calls = new Set<string>()
  /** By `leaseText`. */
  readonly leases = new Set<string>()
  /** Ids of calls that have some, also past their deadline. */
  readonly slots = new Set<string>()
  /** By `toNameText`. */
  readonly documents = new Map<string, Document>()
}

export function leaseText({ api, id }: Pick<Lease, 'api' | 'id'>): string {
  return JSON.stringify([api, id])
}
