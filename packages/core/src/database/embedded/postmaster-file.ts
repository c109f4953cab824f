import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { socketPath, type ServerAddress } from './server-address.ts'

/** What a server writes about itself into `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number
  readonly address: ServerAddress
  /** `starting`, `stopping`, `ready` or `standby`. */
  readonly state: string
}

/** Reads a data folder's `postmaster.pid`; null when there is none or it is not yet whole. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const [pid, , , port, socketDir, listenAddress, , state] = text.split('\n')
  if (pid === undefined || port === undefined || state === undefined) return null
  const host = socketDir === undefined || socketDir === '' ? listenAddress : socketDir
  return {
    pid: Number(pid),
    address: { host: host ?? '', port: Number(port) },
    state: state.trim(),
  }
}

/** Whether the server is up, yet the file of its socket is gone. */
export function hasLostSocket({ address, state }: PostmasterFile): boolean {
  const path = socketPath(address)
  return state === 'ready' && path !== null && !existsSync(path)
}
