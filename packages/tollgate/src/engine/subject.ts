/**
 * Whom a meter counts, as the key of its record: `account:team_1`, `user:team_1:ada`, `key:key_9`, `ip:ads:203.0.113.7`, `resource:videos:models:m1`, `lease:streams:ses_1`.
 *
 * All parts but the last are escaped where they hold a colon, so that two subjects never share a record, whatever their ids.
 */
export type Subject =
  | { readonly of: 'account'; readonly id: string }
  | { readonly of: 'user'; readonly account: string; readonly id: string }
  /** The identity of a key, which its successors share. */
  | { readonly of: 'key'; readonly id: string }
  /** An address, or the network for which it counts. */
  | { readonly of: 'ip'; readonly api: string; readonly id: string }
  /** The row of a table. */
  | { readonly of: 'resource'; readonly api: string; readonly table: string; readonly id: string }
  /** Something that lives, under its service's own id. */
  | { readonly of: 'lease'; readonly api: string; readonly id: string }

/**
 * The key under which a subject's record is kept.
 *
 * @example
 * formatSubject({ of: 'account', id: 'acme' }) // => 'account:acme'
 * formatSubject({ of: 'ip', api: 'ads', id: '2001:db8::/64' }) // => 'ip:ads:2001:db8::/64'
 */
export function formatSubject(subject: Subject): string {
  return [subject.of, ...scopeOf(subject).map(escapePart), subject.id].join(':')
}

/**
 * Undefined for a text that is no subject.
 *
 * @example
 * parseSubject('user:acme:ada') // => { of: 'user', account: 'acme', id: 'ada' }
 * parseSubject('nobody') // => undefined
 */
export function parseSubject(text: string): Subject | undefined {
  const [of = '', ...rest] = text.split(':')
  switch (of) {
    case 'account':
    case 'key':
      return rest.length === 0 ? undefined : { of, id: rest.join(':') }
    case 'user': {
      const [account, ...id] = rest
      return account === undefined || id.length === 0 ? undefined : { of, account: unescapePart(account), id: id.join(':') }
    }
    case 'ip':
    case 'lease': {
      const [api, ...id] = rest
      return api === undefined || id.length === 0 ? undefined : { of, api: unescapePart(api), id: id.join(':') }
    }
    case 'resource': {
      const [api, table, ...id] = rest
      return api === undefined || table === undefined || id.length === 0 ? undefined : { of, api: unescapePart(api), table: unescapePart(table), id: id.join(':') }
    }
    default:
      return undefined
  }
}

function scopeOf(subject: Subject): readonly string[] {
  switch (subject.of) {
    case 'account':
    case 'key':
      return []
    case 'user':
      return [subject.account]
    case 'ip':
    case 'lease':
      return [subject.api]
    case 'resource':
      return [subject.api, subject.table]
  }
}

function escapePart(part: string): string {
  return part.includes(':') || part.includes('%') ? part.replaceAll('%', '%25').replaceAll(':', '%3A') : part
}

function unescapePart(part: string): string {
  return part.replaceAll('%3A', ':').replaceAll('%25', '%')
}
