/** Something in a price file that cannot be used. */
export interface FileProblem {
  /** Line of the file, counted from 1. */
  readonly line: number
  /** Column by its name in the header; null when the line as a whole is meant. */
  readonly column: string | null
  /** The text found there, shortened. */
  readonly text: string
  readonly message: string
}

/** What became of one file in the last fetch. */
export interface FileReport {
  readonly file: string
  /** Rows without a problem. */
  readonly rows: number
  /**
   * `served`: its good rows are used. `refused`: it has bad rows and these may not be skipped.
   * `unreadable`: no header, or not a whole file. Nothing is used of the last two.
   */
  readonly status: 'served' | 'refused' | 'unreadable'
  readonly problemCount: number
  /** The first few problems. */
  readonly problems: readonly FileProblem[]
}

const ADVICE = {
  served: 'skipped, the other rows of the file are used',
  refused: 'nothing of this file is used; fix it, or pass --skip-bad-rows to use its other rows',
  unreadable: 'nothing of this file is used; fix it',
}
const SHOWN_PROBLEMS = 5
const SHOWN_CHARACTERS = 60

/** Counts the problems of a file and keeps the first few. */
export class ProblemList {
  count = 0
  readonly first: FileProblem[] = []

  add(problem: FileProblem): void {
    this.count++
    if (this.first.length === SHOWN_PROBLEMS) return
    this.first.push({ ...problem, text: shorten(problem.text) })
  }
}

/** A file's problems in one sentence for an operator: where, what was found, what to do. */
export function describeFileReport(report: FileReport): string {
  const [first] = report.problems
  if (first === undefined) return `${report.file}: ${report.rows} rows`
  const column = first.column === null ? '' : `, column ${first.column}`
  const found = first.text === '' ? '' : ` ${JSON.stringify(first.text)}`
  const others = report.problemCount > 1 ? ` (and ${report.problemCount - 1} more)` : ''
  const what = `${report.file} line ${first.line}${column}:${found} ${first.message}${others}`
  return `${what}; ${ADVICE[report.status]}`
}

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`
}
