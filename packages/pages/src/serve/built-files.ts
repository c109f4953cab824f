import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** A file of a build with its compressed forms. */
export interface BuiltFile {
  /** As in an address: `/assets/main-ABC.js`. */
  readonly path: string
  readonly contentType: string
  /** Weak: the same for all encodings. */
  readonly etag: string
  readonly plain: Buffer
  readonly brotli: Buffer
  readonly gzip: Buffer
}

/** By path. */
export type BuiltFiles = ReadonlyMap<string, BuiltFile>

export const DOCUMENT = '/index.html'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Reads a build, a few hundred kilobytes, so that serving it needs the disk no more. */
export async function readBuiltFiles(folder: string): Promise<BuiltFiles> {
  const entries = await readdir(folder, { recursive: true })
  const names = entries.filter((name) => extname(name) in CONTENT_TYPES)
  const files = names.map(async (name): Promise<BuiltFile> => {
    const path = join(folder, name)
    const plain = await readFile(path)
    return {
      path: `/${name.replaceAll('\\', '/')}`,
      contentType: CONTENT_TYPES[extname(name)] ?? '',
      etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 16)}"`,
      plain,
      brotli: await readFile(`${path}.br`),
      gzip: await readFile(`${path}.gz`),
    }
  })
  return new Map((await Promise.all(files)).map((file) => [file.path, file]))
}
