/** The errors of a contract as types of a language. */
import type { Contract } from 'tollgate/contract'
import type { DescribedContract } from '../docs/model/described-contract.ts'
import { errorTypes } from './error-types.ts'
import { jsonSchemaTypes } from './json-schema-types.ts'
import { pythonTypes } from './python-types.ts'
import { typescriptTypes } from './typescript-types.ts'
import { zodTypes } from './zod-types.ts'

export const typeTargets = ['typescript', 'zod', 'json-schema', 'python'] as const
export type TypeTarget = (typeof typeTargets)[number]

export type TypesResult = { readonly kind: 'written'; readonly text: string } | { readonly kind: 'refused'; readonly message: string }

export function writeTypes(contract: Contract, described: DescribedContract, target: TypeTarget): TypesResult {
  const types = errorTypes(contract, described)
  switch (target) {
    case 'typescript':
      return { kind: 'written', text: typescriptTypes(types) }
    case 'zod':
      return { kind: 'written', text: zodTypes(types) }
    case 'json-schema':
      return { kind: 'written', text: jsonSchemaTypes(types) }
    case 'python': {
      const python = pythonTypes(types)
      return python.kind === 'module' ? { kind: 'written', text: python.text } : python
    }
  }
}
