import { lstatSync, readlinkSync, renameSync, symlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { ConfigError, coerceError } from '../errors/index.ts'

/** A log file of at most 10 MB, of which the newest five are kept. */
export interface RotatingFile extends AsyncDisposable {
  /** Writes a line at once; after a failure or the end it does nothing. */
  write(line: string): void
}

/**
 * Opens `path` for appending. The lines go to numbered files beside it (`run.log` -> `run.1.log`,
 * `run.2.log`, ...), and `path` itself is a link to the one in use, so that it can be followed by
 * its own name. A plain file found under that name is kept as the oldest (`run.0.log`).
 * A file is changed for the next between two turns of the event loop, so one turn that logs very
 * much may exceed the 10 MB.
 *
 * @param onFailure told once when a later write fails (disk full); the file is given up then
 * @throws ConfigError when the path cannot be written
 */
export async function openRotatingFile(
  path: string,
  onFailure: (error: Error) => void,
): Promise<RotatingFile> {
  const stream = await openRoll(path)
  let isUsable = true
  const giveUp = (error: Error) => {
    if (!isUsable) return
    isUsable = false
    onFailure(error)
  }
  stream.on('error', giveUp)
  stream.on('ready', () => {
    try {
      link(path, stream.file)
    } catch (thrown) {
      giveUp(coerceError(thrown))
    }
  })
  return {
    write(line) {
      if (isUsable) stream.write(line)
    },
    async [Symbol.asyncDispose]() {
      if (!isUsable) return
      isUsable = false
      const closed = new Promise((resolve) => stream.once('close', resolve))
      stream.end()
      await closed
    },
  }
}

async function openRoll(path: string) {
  const { default: roll } = await import('pino-roll')
  try {
    const found = whatIsAt(path)
    const stream = await roll({
      file: path,
      size: '10m',
      limit: { count: 5, removeOtherLogFiles: true },
      mkdir: true,
      sync: true,
    })
    if (found === 'file') renameSync(path, stream.file.replace(/\.\d+(\.[^.]*)$/, '.0$1'))
    link(path, stream.file)
    return stream
  } catch (thrown) {
    const error = coerceError(thrown)
    throw new ConfigError(`LOG_FILE: cannot log to ${path}: ${error.message}`, { cause: error })
  }
}

/** Throws when the path leads to something that must not be replaced: a folder, a device, a foreign link. */
function whatIsAt(path: string): 'nothing' | 'file' | 'own link' {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (path.endsWith('/') || found?.isDirectory()) throw new Error('it is a folder')
  if (found === undefined) return 'nothing'
  if (found.isFile()) return 'file'
  if (found.isSymbolicLink() && /^[^/]*\.\d+\.[^./]*$/.test(readlinkSync(path))) return 'own link'
  throw new Error('it is a device or a link to elsewhere, and only a plain file can rotate')
}

/** Replaces the link in one step, so that a reader never finds nothing. */
function link(path: string, target: string): void {
  const fresh = `${path}.${process.pid}.link`
  symlinkSync(basename(target), fresh)
  renameSync(fresh, path)
}
