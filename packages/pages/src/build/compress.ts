import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

export interface Compressed {
  /** What the name of the file gets. */
  readonly suffix: '.br' | '.gz'
  readonly bytes: Buffer
}

/** A file as browsers ask for it. Done once, so as small as it gets. */
export function compress(contents: Uint8Array): readonly Compressed[] {
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: contents.length }
  return [
    { suffix: '.br', bytes: brotliCompressSync(contents, { params }) },
    { suffix: '.gz', bytes: gzipSync(contents, { level: constants.Z_BEST_COMPRESSION }) },
  ]
}
