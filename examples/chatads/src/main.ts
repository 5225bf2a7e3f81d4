/** Runs the service by itself: `PORT=9101 node dist/main.js`. */
import { runService } from '@tollgate/example-parts/run-service'
import { createChatadsService } from './service.ts'

await runService({ name: 'ChatAds', port: 9101, create: (onError) => createChatadsService({ onError }) })
