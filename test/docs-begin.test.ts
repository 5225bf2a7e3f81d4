/** docs/begin.md: its commands are run as they stand there. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runConsoles } from './docs-console.ts'

it('docs/begin.md shows what its commands say (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(join(import.meta.dirname, '../docs/begin.md'), { portsIn: { PORT: '8080', ADMIN_PORT: '9090', SERVICE_PORT: '9000', SERVICE_URL: 'http://127.0.0.1:9000' } })
  expect(told).toEqual(shown)
})
