/** What somebody who begins has to say: with these answers every file of the start is written, always the same for the same answers. */
import { serverReasons, type ServerReason } from 'tollgate/contract'
import { decimalText } from '../config/read/decimal.ts'
import { suggestion } from '../config/read/suggestion.ts'
import { readServerUrl, urlWithoutSecrets } from '../platform/server-url.ts'
import { startDialects, type StartDialect } from './start-dialects.ts'

export const charges = ['free', 'quota', 'credits', 'usage'] as const
/** How calls are charged: only limited in number a minute · so many a month · each at a price, prepaid · by what the answer says was used, prepaid. */
export type Charge = (typeof charges)[number]

export interface InitAnswers {
  /** Of the API: in the configuration, in challenges, in keys. */
  readonly name: string
  readonly dialect: StartDialect
  readonly charge: Charge
  /** Of a call, where each has one. A decimal. */
  readonly price: string
  /** Those that get a code of their own. */
  readonly reasons: readonly ServerReason[]
  /** Undefined: a small service is written, too. */
  readonly upstream: string | undefined
}

/** As they are typed: in options, or as answers to questions. */
export interface TypedAnswers {
  readonly name: string
  readonly dialect?: string | undefined
  readonly charge?: string | undefined
  readonly price?: string | undefined
  readonly codes?: string | undefined
  readonly upstream?: string | undefined
}

export type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: string }

export const DEFAULT_PRICE = '0.05'

/** Whatever is wrong with one of them is said with its value and a mend. */
export const readAnswer = {
  name: (typed: string): Read<string> =>
    /^[a-z][a-z0-9-]{0,40}$/.test(typed) ? read(typed) : fault(`"${typed}" is no name of an API here; begin with a letter, then small letters, digits and -: my-api`),

  dialect: (typed: string): Read<StartDialect> => {
    const known = startDialects.find(({ name }) => name === typed)
    return known === undefined ? fault(`there is no dialect "${typed}" to start with${suggestion(typed, startDialects.map(({ name }) => name))}`) : read(known)
  },

  charge: (typed: string): Read<Charge> => {
    const known = charges.find((each) => each === typed)
    return known === undefined ? fault(`"${typed}" is no way to charge${suggestion(typed, charges)}`) : read(known)
  },

  price: (typed: string): Read<string> => {
    const text = decimalText(typed)
    return text === undefined || !/^\d{1,9}(?:\.\d{1,4})?$/.test(text) || Number(text) === 0 ? fault(`"${typed}" is no price; write a decimal above 0: ${DEFAULT_PRICE}`) : read(text)
  },

  upstream: (typed: string): Read<string> => {
    const url = readServerUrl(typed, { example: 'http://127.0.0.1:9000' })
    return url.ok ? read(typed) : fault(`"${urlWithoutSecrets(typed)}" ${url.fault}`)
  },

  /** `rate.limited, credit`: reasons, and families of them. `all` is all that there are. */
  codes: (typed: string): Read<readonly ServerReason[]> => {
    const chosen = new Set<ServerReason>()
    for (const word of typed.split(/[\s,]+/).filter((each) => each !== '')) {
      const found = word === 'all' ? serverReasons : serverReasons.filter((reason) => reason === word || reason.startsWith(`${word.replace(/\.\*$/, '')}.`))
      if (found.length === 0) return fault(`"${word}" is no reason to refuse, nor a family of them${suggestion(word, [...serverReasons, ...familiesOfReasons])}`)
      for (const reason of found) chosen.add(reason)
    }
    return read([...chosen])
  },
}

/** `credential`, `rate`, …: what stands before the point, in their order. */
export const familiesOfReasons: readonly string[] = [...new Set(serverReasons.flatMap((reason) => (reason.includes('.') ? [reason.split('.')[0] ?? ''] : [])))]

/** What the configuration that is written can cause by itself. */
export function usualReasons(charge: Charge): readonly ServerReason[] {
  const byCharge: { readonly [each in Charge]: readonly ServerReason[] } = {
    free: [],
    quota: ['quota.exhausted'],
    credits: ['credit.insufficient', 'idempotency.mismatch', 'idempotency.in_progress'],
    usage: ['credit.insufficient', 'idempotency.mismatch', 'idempotency.in_progress'],
  }
  return ['credential.missing', 'credential.expired', 'credential.revoked', 'account.suspended', 'request.too_large', 'field.missing', 'field.invalid', 'method.not_allowed', 'upstream.timeout', ...byCharge[charge]]
}

/** All at once: every fault in the order of the questions. */
export function readAnswers(typed: TypedAnswers): { readonly ok: true; readonly answers: InitAnswers } | { readonly ok: false; readonly faults: readonly string[] } {
  const name = readAnswer.name(typed.name)
  const dialect = readAnswer.dialect(typed.dialect ?? startDialects[0].name)
  const charge = readAnswer.charge(typed.charge ?? 'quota')
  const price = readAnswer.price(typed.price ?? DEFAULT_PRICE)
  const upstream = typed.upstream === undefined ? read(undefined) : readAnswer.upstream(typed.upstream)
  const codes = typed.codes === undefined ? read(charge.ok ? usualReasons(charge.value) : []) : readAnswer.codes(typed.codes)
  if (name.ok && dialect.ok && charge.ok && price.ok && upstream.ok && codes.ok)
    return { ok: true, answers: { name: name.value, dialect: dialect.value, charge: charge.value, price: price.value, upstream: upstream.value, reasons: codes.value } }
  return { ok: false, faults: [name, dialect, charge, price, upstream, codes].flatMap((each) => (each.ok ? [] : [each.fault])) }
}

function read<Value>(value: Value): Read<Value> {
  return { ok: true, value }
}

function fault(text: string): { readonly ok: false; readonly fault: string } {
  return { ok: false, fault: text }
}
