/** Runs the service by itself: `PORT=9105 node dist/main.js`. */
import { runService } from '@tollgate/example-parts/run-service'
import { createLeaperoneService } from './service.ts'

await runService({ name: 'LEAPERone', port: 9105, create: (onError) => createLeaperoneService({ onError }) })
