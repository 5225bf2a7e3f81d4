/**
 * The certificates of the listeners while the program runs. A renewed file is taken without a word from anybody: looked at every few seconds, since
 * watching loses files that are replaced by links, as certbot and Kubernetes do.
 *
 * What cannot be served stays out: the listener goes on with what it has, and an alert says why. Certificate and key are two files and are replaced one
 * after the other, so what is wrong at one look only is nobody's concern.
 */
import type { Clock } from 'tollgate/engine'
import type { Alerts } from '../platform/alerts.ts'
import { readText, type Files } from '../config/read/files.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import type { Log } from '../platform/log.ts'
import { isSameMaterial, readTlsMaterial, type TlsMaterial } from './tls-material.ts'
import { tlsNotice, type TlsNotice } from './tls-notice.ts'

const LOOK_EVERY_MS = 5_000

const names = ['listen', 'admin'] as const
type ListenerName = (typeof names)[number]

/** As far as a configuration speaks of them. */
type Certificates = { readonly [Name in ListenerName]: { readonly tls?: TlsMaterial | undefined } }

export interface CertificateKeepingOptions {
  readonly renew: { readonly [Name in ListenerName]: (tls: TlsMaterial) => void }
  readonly config: Certificates
  readonly clock: Clock
  readonly alert: Alerts['raise']
  readonly log: Log
}

export interface CertificateKeeping {
  /** What a reload has read. */
  take(config: Certificates): void
  /** When the certificate that each listener shows expires. */
  expiries(): readonly { readonly listener: string; readonly expiresAtMs: number }[]
  stop(): void
}

/** The paths of the settings are absolute already. */
const asTheyAre: Pick<Files, 'pathOf'> = { pathOf: (file) => file }

interface Kept {
  readonly name: ListenerName
  tls: TlsMaterial
  noticed: TlsNotice['kind'] | undefined
  /** What was wrong at the last look, and whether that was said. */
  fault: { readonly message: string; said: boolean } | undefined
}

export function startCertificateKeeping({ renew, config, clock, alert, log }: CertificateKeepingOptions): CertificateKeeping {
  const kept = names.flatMap((name): readonly Kept[] => {
    const { tls } = config[name]
    return tls === undefined ? [] : [{ name, tls, noticed: undefined, fault: undefined }]
  })
  let cancel: (() => void) | undefined

  function serve(one: Kept, tls: TlsMaterial): void {
    one.fault = undefined
    if (isSameMaterial(one.tls, tls)) return void (one.tls = tls)
    renew[one.name](tls)
    one.tls = tls
    one.noticed = undefined
    log.info('a certificate was renewed', { listener: one.name, certificate: tls.settings.certificate, expires: new Date(tls.expiresAtMs).toISOString() })
  }

  function look(one: Kept): void {
    if (isUnchanged(one.tls)) return void (one.fault = undefined)
    const read = readTlsMaterial(one.tls.settings, [one.name, 'tls'], asTheyAre)
    if (read.ok) return serve(one, read.value)
    const message = read.problems.map(formatProblem).join('; ')
    if (one.fault?.message !== message) one.fault = { message, said: false }
    else if (!one.fault.said) {
      one.fault.said = true
      alert({ kind: 'tls', message: `the certificate was not renewed, and the one before stays: ${message}` })
    }
  }

  /** Each thing once, until there is another one to say. */
  function notice(one: Kept): void {
    const found = tlsNotice(one.tls, clock.wallMs())
    if (found !== undefined && found.kind !== one.noticed) alert({ kind: 'tls', message: `${one.name}: ${found.message}` })
    one.noticed = found?.kind
  }

  function lookAtAll(): void {
    for (const one of kept) {
      look(one)
      notice(one)
    }
    plan()
  }

  function plan(): void {
    if (kept.length > 0) cancel = clock.after(LOOK_EVERY_MS, lookAtAll)
  }

  kept.forEach(notice)
  plan()
  return {
    take(next) {
      for (const one of kept) {
        const { tls } = next[one.name]
        if (tls === undefined) continue
        serve(one, tls)
        notice(one)
      }
    },
    expiries: () => kept.map((one) => ({ listener: one.name, expiresAtMs: one.tls.expiresAtMs })),
    stop: () => cancel?.(),
  }
}

function isUnchanged({ settings, certificate, key }: TlsMaterial): boolean {
  const [now, keyNow] = [readText(settings.certificate), readText(settings.key)]
  return now.ok && keyNow.ok && now.text === certificate && keyNow.text === key
}
