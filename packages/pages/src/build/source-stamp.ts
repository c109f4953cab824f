import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Manifest {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/**
 * What a build is made of, as a short text: the sources, what builds them, and the versions of the libraries
 * as they are installed. Times of files do not count, as a clone or a deployment sets them anew.
 */
export async function sourceStamp(packageRoot: string): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['browser', 'src/build']) {
    const entries = await readdir(join(packageRoot, folder), {
      recursive: true,
      withFileTypes: true,
    })
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
    for (const path of paths) {
      hash.update(path.slice(packageRoot.length)).update('\0')
      hash.update(await readFile(path)).update('\0')
    }
  }
  const { dependencies = {} } = await readManifest(packageRoot)
  for (const name of Object.keys(dependencies).sort()) {
    const { version } = await readManifest(join(packageRoot, 'node_modules', name))
    hash.update(`${name}@${version}\0`)
  }
  return hash.digest('hex').slice(0, 16)
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
}
