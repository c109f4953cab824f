/** One measured figure. */
export interface BenchFigure {
  readonly name: string
  readonly seconds: number
  readonly details: Readonly<Record<string, unknown>>
}
