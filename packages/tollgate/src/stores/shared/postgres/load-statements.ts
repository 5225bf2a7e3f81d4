/**
 * What a group reads: rows locked in the order of their keys, calls and leases before subjects, so that no two groups wait for each other in a circle. All statements of
 * a round are sent at once. What calls hold is found with them (`calls.subjects`), so that most groups need one round.
 */
import type { SqlQuery } from './sql-connection.ts'
import type { PostgresTime } from './postgres-time.ts'

export interface LoadStatements {
  readonly begin: SqlQuery
  readonly rollback: SqlQuery
  calls(ids: readonly string[], scopes: readonly string[]): SqlQuery
  leases(names: readonly { readonly api: string; readonly id: string }[]): SqlQuery
  accountLeases(names: readonly { readonly accountId: string; readonly id: string }[]): SqlQuery
  expiringLeases(accountIds: readonly string[]): SqlQuery
  movements(names: readonly { readonly subject: string; readonly name: string; readonly kind: string; readonly id: string }[]): SqlQuery
  /** Also of the calls that have these scopes. */
  callSlots(callIds: readonly string[], scopes: readonly string[]): SqlQuery
  /** Also what these calls, and those that have these scopes, hold. */
  subjects(subjects: readonly string[], callIds: readonly string[], scopes: readonly string[]): SqlQuery
  slots(meters: readonly { readonly subject: string; readonly name: string }[]): SqlQuery
  owners(owners: readonly string[]): SqlQuery
  dueCalls(limit: number): SqlQuery
  dueLeases(limit: number): SqlQuery
  dueSubjects(limit: number): SqlQuery
  forgettable(limit: number): SqlQuery
  endedLeases(limit: number, keptMs: number): SqlQuery
  documents(names: readonly { readonly collection: string; readonly id: string }[]): SqlQuery
  now(): SqlQuery
}

const SLOT = 'call_id, subject, name, quantity, owner, deadline_ms, admissions, (select until_ms from tollgate.owners o where o.owner = s.owner) as until_ms'

export function createLoadStatements(time: PostgresTime): LoadStatements {
  const statement = (name: string, text: string, ...values: readonly unknown[]): SqlQuery => ({ name: `tollgate_${name}`, text, values })
  /** Rows that others are at are theirs: each sweep takes what is free. */
  const due = (name: string, select: string, ms: string, limit: number, lock = 'for update skip locked', ...more: readonly unknown[]): SqlQuery =>
    statement(name, `${select} where ${ms} <= ${time.sql(1)}${more.length > 0 ? ' - $3::bigint' : ''} order by ${ms} limit $2 ${lock}`, time.parameter(), limit, ...more)

  return {
    begin: statement('begin', 'begin isolation level read committed'),
    rollback: statement('rollback', 'rollback'),
    calls: (ids, scopes) =>
      scopes.length === 0
        ? statement('calls', 'select json from tollgate.calls where id = any($1::text[]) order by id for update', ids)
        : statement('calls_scopes', 'select json from tollgate.calls where id = any($1::text[]) or scope = any($2::text[]) order by id for update', ids, scopes),
    leases: (names) =>
      statement('leases', 'select json from tollgate.leases where (api, id) in (select * from unnest($1::text[], $2::text[])) order by api, id for update', names.map(({ api }) => api), names.map(({ id }) => id)),
    accountLeases: (names) =>
      statement('account_leases', 'select json from tollgate.leases where (account, id) in (select * from unnest($1::text[], $2::text[])) order by api, id for update', names.map(({ accountId }) => accountId), names.map(({ id }) => id)),
    expiringLeases: (accountIds) => statement('expiring_leases', 'select json from tollgate.leases where account = any($1::text[]) and due_ms is not null order by api, id for update', accountIds),
    movements: (names) =>
      statement('movements', 'select subject, name, kind, id, json from tollgate.movements where (subject, name, kind, id) in (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]))', names.map(({ subject }) => subject), names.map(({ name }) => name), names.map(({ kind }) => kind), names.map(({ id }) => id)),
    callSlots: (callIds, scopes) =>
      scopes.length === 0
        ? statement('call_slots', `select ${SLOT} from tollgate.slots s where call_id = any($1::text[]) order by call_id, place for update of s`, callIds)
        : statement('call_slots_scopes', `select ${SLOT} from tollgate.slots s where call_id in (select unnest($1::text[]) union select id from tollgate.calls where scope = any($2::text[])) order by call_id, place for update of s`, callIds, scopes),
    subjects: (subjects, callIds, scopes) =>
      callIds.length + scopes.length === 0
        ? statement('subjects', 'select subject, record, number from tollgate.subjects where subject = any($1::text[]) order by subject for update', subjects)
        : statement(
            'subjects_calls',
            `select subject, record, number from tollgate.subjects where subject in (
  select unnest($1::text[]) union select unnest(subjects) from tollgate.calls where id = any($2::text[]) union select unnest(subjects) from tollgate.calls where scope = any($3::text[])
) order by subject for update`,
            subjects, callIds, scopes,
          ),
    slots: (meters) =>
      statement(
        'slots',
        `select subject, name, owner, sum(quantity) as quantity, (select until_ms from tollgate.owners o where o.owner = s.owner) as until_ms from tollgate.slots s
where (subject, name) in (select * from unnest($1::text[], $2::text[])) and deadline_ms > ${time.sql(3)} group by subject, name, owner`,
        meters.map(({ subject }) => subject), meters.map(({ name }) => name), time.parameter(),
      ),
    owners: (owners) => statement('owners', 'select owner, until_ms from tollgate.owners where owner = any($1::text[])', owners),
    dueCalls: (limit) => due('due_calls', 'select json from tollgate.calls', 'due_ms', limit),
    dueLeases: (limit) => due('due_leases', 'select json from tollgate.leases', 'due_ms', limit),
    dueSubjects: (limit) => due('due_subjects', 'select subject from tollgate.subjects', 'due_ms', limit, ''),
    forgettable: (limit) => due('forgettable', 'select id from tollgate.calls', 'kept_until_ms', limit),
    endedLeases: (limit, keptMs) => due('ended_leases', 'select json from tollgate.leases', 'ended_ms', limit, undefined, keptMs),
    documents: (names) =>
      statement('documents', 'select collection, id, parent, version, json from tollgate.documents where (collection, id) in (select * from unnest($1::text[], $2::text[])) order by collection, id for update', names.map(({ collection }) => collection), names.map(({ id }) => id)),
    now: () => statement('now', `select ${time.sql(1)} as now`, time.parameter()),
  }
}
