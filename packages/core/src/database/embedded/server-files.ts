import { randomBytes } from 'node:crypto'
import { chown, lstat, mkdir } from 'node:fs/promises'
import { DatabaseUnavailable } from '../../errors/index.ts'
import type { ServerAccount } from './server-account.ts'

/** 144 random bits, in letters that need no escaping in a URL or in SQL. */
export function randomPassword(): string {
  return randomBytes(18).toString('base64url')
}

/** Hands a file to the server's account; nothing to do when the server runs as this user. */
export async function give(path: string, account: ServerAccount | null): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid)
}

/**
 * Makes a folder that only the server's account (and root) can enter. An existing one must belong
 * to them: in a folder shared by all, somebody else may have put something under its name.
 */
export async function ensurePrivateFolder(
  path: string,
  account: ServerAccount | null,
): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const stats = await lstat(path)
  const owners = [process.getuid?.() ?? stats.uid, account?.uid]
  if (!stats.isDirectory() || !owners.includes(stats.uid)) {
    throw new DatabaseUnavailable(
      `${path} exists but is not a folder of this user: remove it and start again`,
    )
  }
  await give(path, account)
}
