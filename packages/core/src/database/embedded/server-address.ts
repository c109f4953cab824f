import { connect, createServer } from 'node:net'

/** Where a server listens: a socket's folder on POSIX, a port of this machine on Windows. */
export interface ServerAddress {
  /** Folder of the socket, or an IP address. */
  readonly host: string
  readonly port: number
}

/** Part of a socket's file name; each server has a folder of its own, so all have the same. */
export const SOCKET_PORT = 5432
const LOOPBACK = '127.0.0.1'

/** Decides where a new server listens. A port is free at this moment and is looked for at each start. */
export async function chooseAddress(socketDir: string): Promise<ServerAddress> {
  if (process.platform !== 'win32') return { host: socketDir, port: SOCKET_PORT }
  return { host: LOOPBACK, port: await findFreePort() }
}

/** The file of a server's socket; null when it listens on a port. */
export function socketPath({ host, port }: ServerAddress): string | null {
  return host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : null
}

/** The message that asks a server whether it speaks TLS: length 8, code 80877103. */
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const ANSWER_LIMIT_MS = 2_000

/**
 * Whether a PostgreSQL server answers there. A connection alone proves nothing: the system accepts
 * it on behalf of a server that is just dying.
 */
export async function answers(address: ServerAddress): Promise<boolean> {
  const path = socketPath(address)
  const socket = path === null ? connect(address) : connect({ path })
  socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy())
  socket.write(TLS_REQUEST)
  return new Promise((resolve) => {
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => {
      resolve(false)
    })
    socket.once('close', () => {
      resolve(false)
    })
  })
}

/** The address as a connection URL. */
export function connectionUrl(address: ServerAddress, password: string, database: string): string {
  const host = encodeURIComponent(address.host)
  return `postgresql://sigmasight:${password}@${host}:${address.port}/${database}`
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, LOOPBACK, resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
