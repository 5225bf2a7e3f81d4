/** Every operation of the admin API. Where two paths fit, the first is meant. */
import { accountOperations } from './accounts.ts'
import { accountDeletion } from './account-deletion.ts'
import { apiOperations } from './apis.ts'
import { auditOperations } from './audit.ts'
import { balanceChangeOperations } from './balance-changes.ts'
import { balanceOperations } from './balances.ts'
import { callOperations } from './calls.ts'
import { gatewayOperations } from './gateway-itself.ts'
import { keyRotationOperations } from './key-rotation.ts'
import { keyOperations } from './keys.ts'
import { keySearch } from './key-search.ts'
import { ledgerOperations } from './ledger.ts'
import { requestOperations } from './requests.ts'
import { sessionOperations } from './sessions.ts'
import { spendingOperations } from './spending.ts'
import { usageOperations } from './usage.ts'

export const operations = [
  ...gatewayOperations,
  ...apiOperations,
  ...auditOperations,
  ...accountOperations,
  accountDeletion,
  ...keyOperations,
  keySearch,
  ...keyRotationOperations,
  ...usageOperations,
  ...spendingOperations,
  ...balanceOperations,
  ...balanceChangeOperations,
  ...ledgerOperations,
  ...sessionOperations,
  ...callOperations,
  ...requestOperations,
] as const

type AnyOperation = (typeof operations)[number]
export type OperationName = AnyOperation['name']
export type OperationNamed<Name extends OperationName> = Extract<AnyOperation, { readonly name: Name }>
