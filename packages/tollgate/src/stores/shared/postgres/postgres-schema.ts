/**
 * The tables. Each step of `postgresMigrations` leads from the version of its index to the next; steps that were released are never edited. Plain SQL alone: tables, indexes over
 * columns, some of them partial, and one table in parts by range: no extension, trigger, function, foreign key, or sequence.
 *
 * Texts are ordered by their bytes, as on every store. What is JSON is a text: what comes back is what was written.
 */
export const postgresMigrations: readonly (readonly string[])[] = [
  [
    // Room in each page for the next version of its rows, of which no index has a column that changes often: such an update touches no index.
    `create table tollgate.subjects (
  subject text collate "C" primary key, record text not null,
  number bigint not null, due_ms bigint, expires_ms bigint
) with (fillfactor = 60)`,
    'create index subjects_due on tollgate.subjects (due_ms) where due_ms is not null',
    'create index subjects_expired on tollgate.subjects (expires_ms) where expires_ms is not null',
    `create table tollgate.calls (
  id text collate "C" primary key, scope text collate "C", account text collate "C" not null, subjects text[] not null, state text not null,
  created_ms bigint not null, due_ms bigint, kept_until_ms bigint, json text not null
)`,
    'create unique index calls_by_scope on tollgate.calls (scope) where scope is not null',
    'create index calls_by_account on tollgate.calls (account, created_ms, id)',
    'create index calls_due on tollgate.calls (due_ms) where due_ms is not null',
    'create index calls_forgettable on tollgate.calls (kept_until_ms) where kept_until_ms is not null',
    `create table tollgate.leases (
  api text collate "C" not null, id text collate "C" not null, account text collate "C" not null, state text not null,
  created_ms bigint not null, due_ms bigint, ended_ms bigint, json text not null, primary key (api, id)
)`,
    'create index leases_by_account on tollgate.leases (account, id)',
    'create index leases_listed on tollgate.leases (account, created_ms, id, api)',
    'create index leases_due on tollgate.leases (due_ms) where due_ms is not null',
    'create index leases_ended on tollgate.leases (ended_ms) where ended_ms is not null',
    // What calls in flight occupy, a row for each meter. `place`: which of the call's.
    `create table tollgate.slots (
  call_id text collate "C" not null, place integer not null, subject text collate "C" not null, name text collate "C" not null, quantity bigint not null,
  owner text collate "C", deadline_ms bigint not null, admissions text, primary key (call_id, place)
)`,
    'create index slots_by_subject on tollgate.slots (subject, name)',
    'create index slots_overdue on tollgate.slots (deadline_ms)',
    'create table tollgate.owners (owner text collate "C" primary key, until_ms bigint not null)',
    `create table tollgate.movements (
  subject text collate "C" not null, name text collate "C" not null, kind text collate "C" not null, id text collate "C" not null, json text not null,
  primary key (subject, name, kind, id)
)`,
    // Rows of the ledger as their transactions wrote them; they wait here for a cursor (`postgres-ledger.ts`).
    `create table tollgate.ledger_new (
  subject text collate "C" not null, number bigint not null, at_ms bigint not null, name text collate "C" not null, call_id text collate "C", json text not null,
  primary key (subject, number)
)`,
    `create table tollgate.ledger (
  cursor bigint primary key, subject text collate "C" not null, number bigint not null, name text collate "C" not null, call_id text collate "C", json text not null
)`,
    'create index ledger_by_subject on tollgate.ledger (subject, cursor)',
    'create index ledger_by_call on tollgate.ledger (call_id, cursor) where call_id is not null',
    `create table tollgate.documents (
  collection text collate "C" not null, id text collate "C" not null, parent text collate "C", version bigint not null, json text not null,
  primary key (collection, id)
)`,
    'create index documents_by_parent on tollgate.documents (collection, parent, id) where parent is not null',
    'create table tollgate.changes (cursor bigint primary key, collection text not null, id text not null)',
    // The last cursor of each order of commits, and the latest time that was seen.
    'create table tollgate.heads (name text primary key, last bigint not null)',
    "insert into tollgate.heads (name, last) values ('changes', 0), ('ledger', 0), ('time', 0)",
    `create table tollgate.requests (
  request_id text collate "C" not null, at_ms bigint not null, logged bigint not null,
  account text collate "C", entry text collate "C", client_request_id text collate "C", json text not null,
  primary key (request_id, at_ms)
) partition by range (at_ms)`,
    'create index requests_by_time on tollgate.requests (at_ms, logged)',
    'create index requests_by_account on tollgate.requests (account, at_ms, logged) where account is not null',
    'create index requests_by_entry on tollgate.requests (entry, at_ms, logged) where entry is not null',
    'create index requests_by_client_id on tollgate.requests (client_request_id) where client_request_id is not null',
    // Days that have a part of the log, as numbers since 1970.
    'create table tollgate.request_days (day bigint primary key)',
  ],
]
