import { connect, createServer } from 'node:net'

/** Where a server listens: a socket's folder on POSIX, a port of this machine on Windows. */
export interface ServerAddress {
  /** Folder of the socket, or an IP address. */
  readonly host: string
  readonly port: number
}

const SOCKET_PORT = 5432
const LOOPBACK = '127.0.0.1'

/** Decides where a new server listens. A port is free at this moment and is looked for at each start. */
export async function chooseAddress(socketDir: string): Promise<ServerAddress> {
  if (process.platform !== 'win32') return { host: socketDir, port: SOCKET_PORT }
  return { host: LOOPBACK, port: await findFreePort() }
}

/** Whether something accepts connections there. */
export async function accepts(address: ServerAddress): Promise<boolean> {
  const isSocket = address.host.startsWith('/')
  return new Promise((resolve) => {
    const socket = isSocket
      ? connect({ path: `${address.host}/.s.PGSQL.${address.port}` })
      : connect({ host: address.host, port: address.port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
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
