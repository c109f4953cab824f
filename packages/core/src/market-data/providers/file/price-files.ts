import { readdirSync, statSync, type Stats } from 'node:fs'
import { basename, join } from 'node:path'
import { ConfigError } from '../../../errors/index.ts'

/** One CSV file of bars. */
export interface PriceFile {
  readonly path: string
  /** Name without folders, as reports show it. */
  readonly name: string
  readonly isCompressed: boolean
}

const CSV_NAME = /\.csv(\.gz)?$/i

/**
 * The files that `PRICE_FILE_PATH` stands for: the file itself, or all `.csv` and `.csv.gz` files that
 * lie directly in the directory, hidden ones left out, in the order of their names (by code unit, the
 * same in every locale).
 *
 * @throws ConfigError when there is no such path or no CSV file in the directory.
 */
export function listPriceFiles(path: string): readonly PriceFile[] {
  if (!statOf(path).isDirectory()) return [priceFile(path)]
  const names = namesIn(path)
    .filter((name) => CSV_NAME.test(name) && !name.startsWith('.'))
    .sort((a, b) => (a < b ? -1 : 1))
  if (names.length === 0) {
    throw new ConfigError(
      `PRICE_FILE_PATH: the directory ${path} has no .csv or .csv.gz file in it; put bars there or name another path`,
    )
  }
  return names.map((name) => priceFile(join(path, name)))
}

function priceFile(path: string): PriceFile {
  return { path, name: basename(path), isCompressed: path.toLowerCase().endsWith('.gz') }
}

function statOf(path: string): Stats {
  try {
    return statSync(path)
  } catch (cause) {
    throw new ConfigError(
      `PRICE_FILE_PATH: ${path} cannot be opened; name a CSV file of bars or a directory of them`,
      { cause },
    )
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (cause) {
    throw new ConfigError(`PRICE_FILE_PATH: the directory ${directory} cannot be read`, { cause })
  }
}
