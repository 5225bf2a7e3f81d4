/** Runs the service by itself: `PORT=9103 node dist/main.js`. */
import { runService } from '@tollgate/example-parts/run-service'
import { createJoggService } from './service.ts'

await runService({ name: 'JoggAI', port: 9103, create: (onError) => createJoggService({ onError }) })
