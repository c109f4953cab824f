import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { DatabaseUnavailable } from '../../errors/index.ts'

/** The account that the server's processes run as. */
export interface ServerAccount {
  readonly uid: number
  readonly gid: number
}

const NAME = 'postgres'
const run = promisify(execFile)

/**
 * The account that root starts the server as, created when absent: PostgreSQL refuses to run as
 * root. Throws DatabaseUnavailable when the account cannot be made.
 */
export async function ensureServerAccount(): Promise<ServerAccount> {
  const existing = await lookUp()
  if (existing !== null) return existing
  try {
    await run('useradd', ['--system', '--no-create-home', '--shell', '/bin/false', NAME])
  } catch (cause) {
    // Another starter may have created it in this moment.
    const account = await lookUp()
    if (account !== null) return account
    throw new DatabaseUnavailable(
      `PostgreSQL cannot run as root, and the account "${NAME}" could not be created: ` +
        'create it by hand, run as another user, or set DATABASE_URL',
      { cause },
    )
  }
  const created = await lookUp()
  if (created === null) throw new DatabaseUnavailable(`the account "${NAME}" cannot be looked up`)
  return created
}

async function lookUp(): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    // `id` fails exactly when there is no such account.
    return null
  }
}
