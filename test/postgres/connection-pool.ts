/** Connections that go on from one store to the next: to open one costs more than most cases of a test. Only for stores that are closed when nothing is under way. */
import type { ConnectSql, SqlConnection } from 'tollgate/stores/postgres'

export interface ConnectionPool {
  readonly connect: ConnectSql
  close(): Promise<void>
}

export function createConnectionPool(connect: ConnectSql): ConnectionPool {
  const idle: SqlConnection[] = []

  return {
    async connect(role) {
      // One that listens would go on hearing.
      if (role === 'listener') return connect(role)
      const connection = idle.pop() ?? (await connect(role))
      let isReturned = false
      return {
        query: (query) => connection.query(query),
        lost: connection.lost,
        async close() {
          if (isReturned) return
          isReturned = true
          await connection.query({ text: 'reset synchronous_commit' })
          idle.push(connection)
        },
      }
    },
    close: async () => void (await Promise.all(idle.splice(0).map((connection) => connection.close()))),
  }
}
