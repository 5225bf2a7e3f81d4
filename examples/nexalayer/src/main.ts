/** Runs the service by itself: `PORT=9102 node dist/main.js`. */
import { runService } from '@tollgate/example-parts/run-service'
import { createNexalayerService } from './service.ts'

await runService({ name: 'NexaLayer', port: 9102, create: (onError) => createNexalayerService({ onError }) })
