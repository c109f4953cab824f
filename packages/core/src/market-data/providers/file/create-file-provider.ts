import { coerceError } from '../../../errors/index.ts'
import type { BarOutcome, BarRequest, FetchOptions, MarketDataProvider } from '../../provider.ts'
import { DateTable } from './date-table.ts'
import { describeFileReport, type FileReport } from './file-report.ts'
import { listPriceFiles, type PriceFile } from './price-files.ts'
import { readPriceFile, type FileResult } from './read-price-file.ts'
import type { RequestedRows } from './requested-rows.ts'
import { SymbolTable, type FileSymbol } from './symbol-table.ts'

const NAME = 'file'

export interface FileProviderOptions {
  /** `PRICE_FILE_PATH`: a CSV file of bars or a directory of them. */
  readonly path: string
  /** Use the good rows of a file that has bad ones. */
  readonly skipBadRows: boolean
  readonly log?: FileLog
}

/** The part of a logger that is used here. */
export interface FileLog {
  warn(fields: object, event: string): void
}

/** A provider that also tells what became of its files. */
export interface FileProvider extends MarketDataProvider {
  /** One report per file of the last fetch that ended; empty before the first. */
  reports(): readonly FileReport[]
}

/**
 * Bars from CSV files of the operator's own: `date,symbol,open,high,low,close,volume,dividend,split_ratio`,
 * prices as traded. A header is required, in any order and letter case; only date, symbol and close
 * must be there; other columns are ignored with a warning. Missing data: an empty cell or absent column
 * is null, unknown; an empty close is allowed in a row with a dividend or split.
 *
 * Numbers are plain decimals, rounded as the table stores them: prices and dividends to 6 decimals,
 * split ratios to 10, volumes to whole shares. Each fetch streams every file once and keeps only what
 * was asked for. A bad row (wrong number of fields, bad date, symbol or number, price that is not
 * positive, high below low, a symbol's date twice in the file, close missing without an event) makes
 * its whole file unusable, the other files are served; with `skipBadRows` only the row is left out.
 * Where several files have a symbol's date, the last file by name wins.
 *
 * @throws ConfigError when the path does not exist or holds no CSV file.
 */
export function createFileProvider(options: FileProviderOptions): FileProvider {
  listPriceFiles(options.path)
  return new CsvFileProvider(options)
}

class CsvFileProvider implements FileProvider {
  readonly name = NAME
  readonly #options: FileProviderOptions
  #reports: readonly FileReport[] = []

  constructor(options: FileProviderOptions) {
    this.#options = options
  }

  servesDailyBars(): boolean {
    return true
  }

  expectedCalls(): number {
    return 0
  }

  reports(): readonly FileReport[] {
    return this.#reports
  }

  problems(): readonly string[] {
    return this.#reports.filter(({ problemCount }) => problemCount > 0).map(describeFileReport)
  }

  async *dailyBars(
    requests: readonly BarRequest[],
    { signal }: FetchOptions,
  ): AsyncGenerator<BarOutcome> {
    if (requests.length === 0) return
    let files: readonly PriceFile[]
    try {
      files = listPriceFiles(this.#options.path)
    } catch (thrown) {
      const detail = coerceError(thrown).message
      for (const { symbol } of requests) {
        yield { ok: false, symbol, provider: NAME, reason: 'unavailable', detail, retryable: true }
      }
      return
    }
    const dates = new DateTable()
    const symbols = new SymbolTable(requests)
    await this.#readFiles(files, { dates, symbols, signal })
    yield* this.#outcomes(symbols, dates)
  }

  async #readFiles(
    files: readonly PriceFile[],
    context: { dates: DateTable; symbols: SymbolTable; signal: AbortSignal },
  ): Promise<void> {
    const reports: FileReport[] = []
    for (const file of files) {
      const { skipBadRows } = this.#options
      const result = await readPriceFile(file, { ...context, skipBadRows })
      reports.push(result.report)
      this.#logFile(result)
    }
    this.#reports = reports
  }

  #logFile({ report, ignoredColumns }: FileResult): void {
    const { log } = this.#options
    const { file, status } = report
    if (ignoredColumns.length > 0) {
      log?.warn({ file, columns: ignoredColumns }, 'price_file_columns_ignored')
    }
    if (report.problemCount === 0) return
    const event = status === 'served' ? 'price_file_rows_skipped' : 'price_file_refused'
    log?.warn({ ...report, detail: describeFileReport(report) }, event)
  }

  *#outcomes(symbols: SymbolTable, dates: DateTable): Generator<BarOutcome> {
    let replaced = 0
    for (const symbol of symbols.symbols()) {
      for (const rows of symbol.requested) {
        const found = rows.bars(dates)
        replaced += found.replaced
        yield found.bars.length > 0
          ? { ok: true, symbol: symbol.ticker, provider: NAME, bars: found.bars }
          : this.#nothing(symbol, rows)
      }
    }
    if (replaced > 0) this.#options.log?.warn({ rows: replaced }, 'price_file_rows_replaced')
  }

  /** A symbol without bars: its bars may lie in a file that was not used. */
  #nothing(symbol: FileSymbol, { request }: RequestedRows): BarOutcome {
    const { path } = this.#options
    const range = `${request.from} to ${request.to}`
    const failure = { ok: false, symbol: symbol.ticker, provider: NAME, retryable: false } as const
    const unused = this.#reports.find(({ status }) => status !== 'served')
    if (unused !== undefined) {
      const detail = `no bars of ${range} in the usable files of ${path}; ${describeFileReport(unused)}`
      return { ...failure, reason: 'malformed', detail }
    }
    if (symbol.isSeen) {
      return {
        ...failure,
        reason: 'no_bars',
        detail: `${path} has no usable bars of it for ${range}`,
      }
    }
    return { ...failure, reason: 'unknown_symbol', detail: `${path} has no such symbol` }
  }
}
