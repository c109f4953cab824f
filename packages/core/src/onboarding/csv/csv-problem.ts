/** What is wrong with an uploaded file or a row of it; the codes are a contract. */
export type CsvCode =
  | `CSV_${'001' | '002' | '003' | '004' | '005' | '006'}`
  | `POS_${
      | '001'
      | '002'
      | '003'
      | '004'
      | '005'
      | '006'
      | '007'
      | '008'
      | '009'
      | '010'
      | '011'
      | '012'
      | '013'
      | '014'
      | '015'
      | '016'
      | '017'
      | '018'
      | '019'
      | '020'
      | '021'
      | '022'
      | '023'}`

/** One thing wrong with an upload, and where it stands in the file. */
export interface CsvProblem {
  readonly code: CsvCode
  /** As an editor counts: from 1, blank and comment lines included; that on which the row begins. */
  readonly line: number
  /** Which of the line's comma-separated values it is, from 1. */
  readonly column: number
  /** The column's name, where the file has such a column or should have. */
  readonly field: string | null
  readonly symbol: string | null
  readonly message: string
}
