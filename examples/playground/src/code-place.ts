/** Where an API's envelope has its code, and what stands there in a success: read off the contract's templates. */
import type { Contract } from 'tollgate/contract'

/** Dotted: `error.code`. Undefined where no code is shown. */
export function codePlaceOf({ declaration }: Contract): string | undefined {
  return pathOf('$code', declaration.envelope.error)?.join('.')
}

/** JoggAI answers a success with the code 0; most have none. */
export function successCodeOf(contract: Contract): string | number | undefined {
  let value: unknown = contract.declaration.envelope.success
  for (const name of codePlaceOf(contract)?.split('.') ?? ['']) {
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as { readonly [name: string]: unknown })[name] : undefined
  }
  return typeof value === 'number' || typeof value === 'string' ? value : undefined
}

function pathOf(slot: string, template: unknown): readonly string[] | undefined {
  if (template === slot) return []
  if (typeof template !== 'object' || template === null) return undefined
  for (const [name, inner] of Object.entries(template)) {
    const path = pathOf(slot, inner)
    if (path !== undefined) return [name, ...path]
  }
  return undefined
}
