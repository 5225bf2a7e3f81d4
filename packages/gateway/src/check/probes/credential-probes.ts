/** Who calls: no credential, one that is none, one that nobody has, one whose time is over, one that may not do this. */
import type { ServerReason } from 'tollgate/contract'
import { credentialStates, withCredential, type PlannedCredential } from '../plan/check-plan.ts'
import { stepOf } from '../probe.ts'
import { withHeader } from '../probe-request.ts'
import { anyFor, chosen, refusalBy } from '../acceptable.ts'
import { asItSucceeds, cheapestCall, probeOf, type ProbeContext, type ProbeSource } from './probe-source.ts'

const states: { readonly [state: string]: ServerReason | undefined } = credentialStates

/** Of every call that needs one. */
export const missingKeys: ProbeSource = ({ contract, plan }) =>
  plan.calls
    .filter(({ credential }) => credential !== undefined)
    .map((call) => probeOf(call, 'missing-key', 'no credential', call.request, chosen(contract, 'credential.missing'), { credential: undefined, mended: [] }))

/** Each credential that does not serve, at one call: what is wrong with it is the same everywhere. */
export const badKeys: ProbeSource = (context) => {
  const { contract, plan } = context
  const call = cheapestCall(context)
  if (call === undefined) return []
  return plan.credentials.flatMap((credential) => {
    const reason = states[credential.state]
    if (reason === undefined) return []
    const title = credential.state === 'unknown' || credential.state === 'malformed' ? `a credential that is ${credential.state}` : `the credential "${credential.name}" (${credential.state})`
    const request = withCredential(call.request, credential.name, plan)
    return [probeOf(call, `${credential.name}-key`, title, request, expectedFor(context, credential, reason), { credential: credential.name, id: `${kebab(credential.name)}-key/${call.name}`, mended: [] })]
  })

  function expectedFor({ contract: of }: ProbeContext, { state }: PlannedCredential, reason: ServerReason) {
    // A token and a key that are over look alike from outside.
    return state === 'expired' ? anyFor(of, ['credential.expired', 'token.expired']) : chosen(contract, reason)
  }
}

/** A good key where another scheme is asked for. */
export const wrongScheme: ProbeSource = (context) => {
  const { contract, plan } = context
  const call = cheapestCall(context)
  const credential = plan.credentials.find(({ name }) => name === call?.credential)
  if (call === undefined || credential?.place.scheme === undefined) return []
  const other = credential.place.scheme.toLowerCase() === 'basic' ? 'Bearer' : 'Basic'
  const request = withHeader(asItSucceeds(context, call), credential.place.header, `${other} dG9sbGdhdGUtY2hlY2s=`)
  return [probeOf(call, 'wrong-scheme', `the scheme ${other} in place of ${credential.place.scheme}`, request, anyFor(contract, ['credential.invalid', 'credential.missing']), { credential: undefined, mended: [] })]
}

export const lackingScope: ProbeSource = (context) =>
  context.plan.calls.flatMap((call) =>
    call.lackScope.map((name) =>
      probeOf(call, 'scope', `the credential "${name}" may not do this`, asItSucceeds(context, call, name), chosen(context.contract, 'permission.denied'), { id: `scope/${call.name}/${name}`, credential: name, mended: call.risks }),
    ),
  )

/** It is refused before anything is done; where it is not, it costs what it says that nobody can pay. */
export const lackingCredit: ProbeSource = (context) =>
  context.plan.calls.flatMap((call) =>
    call.lackCredit.map((name) =>
      probeOf(call, 'credit', `the credential "${name}" cannot pay for this`, asItSucceeds(context, call, name), chosen(context.contract, 'credit.insufficient'), { id: `credit/${call.name}/${name}`, credential: name, risks: call.risks }),
    ),
  )

/** So many requests that one of them must be refused. */
export const overLimits: ProbeSource = (context) =>
  context.plan.calls.flatMap((call) =>
    call.limits.map(({ kind, credential, requests, expect }) => {
      const group = kind === 'row' ? 'over-limit' : 'at-once'
      const reasons = kind === 'row' ? (['rate.limited', 'quota.exhausted'] as const) : (['concurrency.limited', 'rate.limited', 'capacity.overloaded', 'session.limited'] as const)
      const expected = expect.length > 0 ? refusalBy(context.contract, expect) : anyFor(context.contract, reasons)
      const times = { kind: kind === 'row' ? ('until-refused' as const) : ('together' as const), count: requests }
      return probeOf(call, group, `${requests} ${kind === 'row' ? 'one after the other' : 'at once'} with "${credential}"`, asItSucceeds(context, call, credential), expected, {
        id: `${group}/${call.name}/${credential}`, credential, risks: [...new Set([...call.risks, 'lock' as const])], steps: [stepOf(asItSucceeds(context, call, credential), expected, times)],
      })
    }),
  )

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
