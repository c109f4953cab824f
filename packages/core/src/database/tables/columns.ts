import type { ColumnType, Generated } from 'kysely'

/** An exact decimal (`numeric`) as text: money, prices, quantities. May be written as a number. */
export type Decimal = ColumnType<string, string | number, string | number>

/** An exact decimal with a default. */
export type DefaultDecimal = ColumnType<string, string | number | undefined, string | number>

/** An exact decimal that may be missing. */
export type MissableDecimal = ColumnType<
  string | null,
  string | number | null,
  string | number | null
>

/** An instant (`timestamptz`) that may be missing. */
export type MissableInstant = ColumnType<Date | null, Date | string | null, Date | string | null>

/** An instant that defaults to now. */
export type DefaultInstant = ColumnType<Date, Date | string | undefined, Date | string>

/** A `jsonb` document: written as text, read as what it says. */
export type JsonDocument = ColumnType<unknown, string, string>
export type MissableJson = ColumnType<unknown, string | null, string | null>
export type DefaultJson = ColumnType<unknown, string | undefined, string>

/** When rows were made and last changed. */
export interface Created {
  created_at: DefaultInstant
}
export interface Mutable extends Created {
  updated_at: DefaultInstant
}

export type Id = Generated<string>
