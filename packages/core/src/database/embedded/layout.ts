import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where everything of one embedded server lies. */
export interface EmbeddedLayout {
  /** The folder that holds all the rest but, for a long path, the socket. */
  readonly home: string
  /** Data and password; renamed into place when whole, so it exists entirely or not at all. */
  readonly cluster: string
  readonly data: string
  readonly passwordFile: string
  readonly socketDir: string
  readonly logFile: string
  readonly lockFile: string
}

/** A socket's path must fit into `sockaddr_un`: 104 bytes on macOS, 108 on Linux, with room to spare. */
const SOCKET_PATH_LIMIT = 100
const SOCKET_NAME = '/.s.PGSQL.5432'

const checkout = resolve(import.meta.dirname, '../../../../..')

/** The default place of the server's files: one per checkout. */
export const defaultDataRoot = join(checkout, '.sigmasight', 'postgres')

/**
 * The layout for files under `dataRoot`. PostgreSQL refuses to run as root, and the account it runs
 * as instead may not be able to enter the checkout (a home folder is often 0700): root's servers
 * therefore lie under /var/tmp, one folder per `dataRoot`.
 */
export function embeddedLayout(dataRoot: string, isRoot: boolean): EmbeddedLayout {
  const hash = createHash('sha256').update(resolve(dataRoot)).digest('hex').slice(0, 12)
  const home = isRoot ? `/var/tmp/sigmasight-${hash}` : resolve(dataRoot)
  const cluster = join(home, 'cluster')
  const socketDir = join(home, 'socket')
  const isShort = Buffer.byteLength(socketDir + SOCKET_NAME) < SOCKET_PATH_LIMIT
  return {
    home,
    cluster,
    data: join(cluster, 'data'),
    passwordFile: join(cluster, 'password'),
    socketDir: isShort ? socketDir : join(tmpdir(), `sigmasight-${hash}`),
    logFile: join(home, 'server.log'),
    lockFile: join(home, 'starting.lock'),
  }
}

/** Whether this process is root, which only POSIX systems know. */
export function isRootUser(): boolean {
  return process.getuid?.() === 0
}
