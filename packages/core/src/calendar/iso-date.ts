/** A plain calendar date, `YYYY-MM-DD`, valid in the proleptic Gregorian calendar. */
export type IsoDate = string & { readonly __isoDate: true }

/** An `IsoDate` on which the NYSE trades. Only the calendar makes one. */
export type SessionDate = IsoDate & { readonly __session: true }
