/** Values by keys of a footprint. A map for each kind, by texts that are there already: one that is put together for each question costs more than the answer. */
import type { FootprintKey } from './footprint.ts'

export class KeyMap<V> {
  readonly #maps = new Map<FootprintKey['of'], Map<string, V>>()

  has(key: FootprintKey): boolean {
    return this.#maps.get(key.of)?.has(nameOf(key)) === true
  }

  get(key: FootprintKey): V | undefined {
    return this.#maps.get(key.of)?.get(nameOf(key))
  }

  set(key: FootprintKey, value: V): void {
    let map = this.#maps.get(key.of)
    if (map === undefined) this.#maps.set(key.of, (map = new Map()))
    map.set(nameOf(key), value)
  }
}

/** Of two keys of one kind the same only if they are of one thing. */
function nameOf(key: FootprintKey): string {
  switch (key.of) {
    case 'subject':
      return key.subject
    case 'call':
      return key.id
    case 'scope':
      return key.scope
    case 'lease':
      return joined(key.api, key.id)
    case 'account-lease':
      return joined(key.accountId, key.id)
    case 'expiring-leases':
      return key.accountId
    case 'movement':
      return joined(key.movement.kind, joined(key.movement.name, joined(key.movement.subject, key.movement.id)))
    case 'slots':
      return joined(key.name, key.subject)
    case 'call-slots':
      return key.callId
    case 'owner':
      return key.owner
    case 'due':
      return ''
  }
}

/** The first says how long it is, so that whatever they hold, others give another text. By hand: JSON takes several times as long. */
function joined(first: string, second: string): string {
  return `${first.length} ${first} ${second}`
}

/** For people. */
export function describeKey(key: FootprintKey): string {
  switch (key.of) {
    case 'subject':
      return `subject ${key.subject}`
    case 'call':
      return `call ${key.id}`
    case 'scope':
      return `scope ${key.scope}`
    case 'lease':
      return `lease ${key.id} of ${key.api}`
    case 'account-lease':
      return `lease ${key.id} of the account ${key.accountId}`
    case 'expiring-leases':
      return `leases that expire, of the account ${key.accountId}`
    case 'movement':
      return `${key.movement.kind} ${key.movement.id} of ${key.movement.name} of ${key.movement.subject}`
    case 'slots':
      return `slots ${key.name} of ${key.subject}`
    case 'call-slots':
      return `slots of the call ${key.callId}`
    case 'owner':
      return `owner ${key.owner}`
    case 'due':
      return 'list of what is due'
  }
}
