/** Every operation of the admin API. */
import { accountDeletionRoutes } from './account-deletion.ts'
import { accountRoutes } from './accounts.ts'
import type { AdminRoute } from './admin-route.ts'
import { balanceChangeRoutes } from './balance-changes.ts'
import { balanceRoutes } from './balances.ts'
import { callRoutes } from './calls.ts'
import { keyRotationRoutes } from './key-rotation.ts'
import { keyRoutes } from './keys.ts'
import { ledgerRoutes } from './ledger.ts'
import { operationRoutes } from './operations.ts'
import { requestRoutes } from './requests.ts'
import { sessionRoutes } from './sessions.ts'
import { usageRoutes } from './usage.ts'

export const adminRoutes: readonly AdminRoute[] = [
  ...operationRoutes,
  ...accountRoutes,
  ...accountDeletionRoutes,
  ...keyRoutes,
  ...keyRotationRoutes,
  ...usageRoutes,
  ...balanceRoutes,
  ...balanceChangeRoutes,
  ...ledgerRoutes,
  ...sessionRoutes,
  ...callRoutes,
  ...requestRoutes,
]
